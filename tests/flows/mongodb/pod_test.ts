import assert from "node:assert/strict";
import type { ClusterClient, PodContainer } from "../../../lib/core/cluster.ts";
import type { KubeObject, ObjectRef } from "../../../lib/core/object.ts";
import type { Program } from "../../../lib/core/program.ts";
import { memberPlace } from "../../../lib/flows/mongodb/pod.ts";
import { renderPlatform } from "../../../lib/flows/render/render.ts";
import { dumpProgram } from "../../../lib/mongodb/programs.ts";
import { testContext } from "../../context.ts";

const { platform } = await renderPlatform({ platform: "glucosync", env: "production" }, {
  cwd: Deno.cwd(),
});
const of = { name: "mongodb", declared: platform.mongodb["mongodb"]! };

/** A cluster with these ready members, and the replica set's Secret. */
function clusterWith(ready: readonly string[]) {
  const started: { pod: PodContainer; program: Program }[] = [];
  const asked: string[] = [];
  const secret = {
    "backup-password": "secret-of-backup",
    "root-user": "root",
    "root-password": "secret-of-root",
  };
  const client = {
    get: ({ kind, name }: ObjectRef): Promise<KubeObject | undefined> => {
      asked.push(kind);
      if (kind === "Secret") {
        const data = Object.fromEntries(
          Object.entries(secret).map(([key, value]) => [key, btoa(value)]),
        );
        return Promise.resolve({ apiVersion: "v1", kind, metadata: { name }, data });
      }
      const status = ready.includes(name) ? "True" : "False";
      return Promise.resolve({
        apiVersion: "v1",
        kind,
        metadata: { name },
        status: { conditions: [{ type: "Ready", status }] },
      });
    },
    exec: (pod: PodContainer, program: Program) => {
      started.push({ pod, program });
      return Promise.reject(new Error("not here"));
    },
  } as unknown as ClusterClient;
  return { client, started, asked };
}

Deno.test("a dump in a pod is of that member alone, by the user with the role backup", async () => {
  const { client, started } = clusterWith(["mongodb-0", "mongodb-1"]);
  const context = testContext();
  const place = await memberPlace(client, of, "backup", context);
  const program = dumpProgram(place.path, place.target, { oplog: place.replicated });
  await assert.rejects(place.run(program, context), /not here/);
  assert.deepEqual(started[0]!.pod, {
    namespace: "glucosync-data",
    name: "mongodb-1",
    container: "mongodb",
  });
  assert.deepEqual(program.argv, [
    "mongodump",
    "--uri=mongodb://backup@127.0.0.1:27017/?authSource=admin&directConnection=true",
    "--archive",
    "--oplog",
  ]);
  assert.equal(program.env, undefined);
  assert.equal(context.redactor.redact("secret-of-backup"), "********");
});

Deno.test("a restore in a pod goes to the primary of the whole set, by a user who may restore", async () => {
  const { client } = clusterWith(["mongodb-0", "mongodb-1", "mongodb-2"]);
  const { target } = await memberPlace(client, of, "restore", testContext());
  const hosts = [0, 1, 2].map((index) =>
    `mongodb-${index}.mongodb-headless.glucosync-data.svc.cluster.local:27017`
  ).join(",");
  assert.equal(target.uri, `mongodb://root@${hosts}/?authSource=admin&replicaSet=rs0`);
  assert.equal(target.password, "secret-of-root");
});

Deno.test("a job with the password in its environment reads no Secret", async () => {
  const { client, asked } = clusterWith(["mongodb-2"]);
  const env = (name: string) => name === "MONGODB_PASSWORD" ? "from-the-job" : undefined;
  const { target } = await memberPlace(client, of, "backup", testContext({ env }));
  assert.equal(target.password, "from-the-job");
  assert.deepEqual(asked, ["Pod"]);
});

Deno.test("that no member is ready is told of each", async () => {
  const { client } = clusterWith([]);
  await assert.rejects(memberPlace(client, of, "backup", testContext()), {
    message:
      "Cannot reach the MongoDB mongodb: mongodb-2 is not ready, mongodb-1 is not ready, mongodb-0 is not ready",
  });
});
