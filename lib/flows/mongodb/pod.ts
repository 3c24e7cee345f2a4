import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { readSetting } from "../../core/setting.ts";
import { runInPod } from "../../kube/exec/run_in_pod.ts";
import { readMongodbTarget } from "../../mongodb/target.ts";
import { dataPorts, podHost } from "../../platform/data_names.ts";
import type { Mongodb, Platform } from "../../platform/types.ts";
import { openSession } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import type { MongodbPlace, MongodbPurpose } from "./reached.ts";

/** The container of a member's pod that has the server and the tools. */
const container = "mongodb";

/**
 * A replica set of the platform, by the tools of one of its own pods.
 *
 * @throws {SlipwayError} when the cluster does not answer, and as {@linkcode memberPlace} does
 */
export async function openPod(
  request: TargetRequest,
  { platform, ...of }: { platform: Platform; name: string; declared: Mongodb },
  purpose: MongodbPurpose,
  context: Context,
): Promise<MongodbPlace> {
  await using resources = new AsyncDisposableStack();
  const { client } = resources.use(await openSession(request, platform.target, context));
  const place = await memberPlace(client, of, purpose, context);
  const opened = resources.move();
  return { ...place, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/**
 * How the tools of a member's pod reach its replica set. A dump is read from that member alone, so that its oplog is the
 * one of its documents; what is restored goes to the primary, whichever pod that is.
 *
 * @throws {SlipwayError} when no member is ready, or its Secret lacks what is needed
 */
export async function memberPlace(
  client: ClusterClient,
  { name, declared }: { name: string; declared: Mongodb },
  purpose: MongodbPurpose,
  context: Context,
): Promise<Omit<MongodbPlace, typeof Symbol.asyncDispose>> {
  const { namespace, members, replicaSet } = declared;
  const pod = await readyMember(client, name, declared, context);
  const { user, password, database } = await loginOf(client, declared, purpose, context);
  const hosts = purpose === "backup" ? `127.0.0.1:${dataPorts.mongodb}` : Array.from(
    { length: members },
    (_, index) => `${podHost(name, index, namespace)}:${dataPorts.mongodb}`,
  ).join(",");
  const reach = purpose === "backup" ? "directConnection=true" : `replicaSet=${replicaSet}`;
  const target = readMongodbTarget(
    `mongodb://${hosts}/?authSource=${encodeURIComponent(database)}&${reach}`,
    { user, password },
    context,
  );
  return {
    name,
    label: `${name} in Pod ${namespace}/${pod}`,
    target,
    via: "exec",
    path: (tool) => tool,
    run: runInPod(client, { namespace, name: pod, container }),
    replicated: true,
  };
}

/** The last member that is ready: the first one is the primary more often than the others. */
async function readyMember(
  client: ClusterClient,
  name: string,
  { namespace, members }: Mongodb,
  { signal }: Context,
): Promise<string> {
  const found: string[] = [];
  for (let index = members - 1; index >= 0; index--) {
    const pod = `${name}-${index}`;
    const object = await client.get(
      { apiVersion: "v1", kind: "Pod", namespace, name: pod },
      { signal },
    );
    if (object !== undefined && isReady(object)) return pod;
    found.push(`${pod} is ${object === undefined ? "not there" : "not ready"}`);
  }
  throw new SlipwayError(`Cannot reach the MongoDB ${name}: ${found.join(", ")}`, {
    remedy: "see why with deno task status",
    retryable: true,
  });
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod["status"] ?? {}) as {
    conditions?: { type: string; status: string }[];
  };
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/**
 * A user with no more rights than the purpose needs, where the platform declares one; else its root user. A password in
 * the environment saves a job from having to read Secrets.
 */
async function loginOf(
  client: ClusterClient,
  { namespace, secret, users }: Mongodb,
  purpose: MongodbPurpose,
  context: Context,
): Promise<{ user: string; password: string; database: string }> {
  // What was restored is read again, which the role restore alone does not allow.
  const needed = purpose === "backup" ? ["backup"] : ["backup", "restore"];
  const [named] = Object.entries(users).filter(([, { database, roles }]) =>
    needed.every((role) =>
      roles.includes(`${role}@admin`) || (roles.includes(role) && database === "admin")
    )
  );
  const [user, password] = await Promise.all([
    readSetting("MONGODB_USER", context),
    readSetting("MONGODB_PASSWORD", context),
  ]);
  const chosen = user ?? named?.[0];
  if (password !== undefined && chosen !== undefined) {
    return { user: chosen, password, database: users[chosen]?.database ?? "admin" };
  }
  const { signal } = context;
  const object = await client.get(
    { apiVersion: "v1", kind: "Secret", namespace, name: secret.name },
    { signal },
  );
  const values = (object?.["data"] ?? {}) as Record<string, string>;
  const value = (key: string) => {
    const text = values[key];
    if (text !== undefined) return new TextDecoder().decode(Uint8Array.fromBase64(text));
    throw new UsageError(
      object === undefined
        ? `Cannot log in to MongoDB: there is no Secret ${namespace}/${secret.name}`
        : `Cannot log in to MongoDB: the Secret ${namespace}/${secret.name} has no key ${key}`,
      { remedy: "apply the platform, or correct mongodb.secret in its file" },
    );
  };
  return named === undefined
    ? { user: value(secret.userKey), password: value(secret.passwordKey), database: "admin" }
    : { user: named[0], password: value(named[1].passwordKey), database: named[1].database };
}
