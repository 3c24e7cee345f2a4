import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { readSetting } from "../../core/setting.ts";
import { runHere } from "../../local/run_program.ts";
import { localTools } from "../../mongodb/programs.ts";
import { readMongodbTarget } from "../../mongodb/target.ts";
import type { Platform } from "../../platform/types.ts";
import type { ChosenJob } from "../backup/job.ts";
import type { TargetRequest } from "../target.ts";
import { openPod } from "./pod.ts";
import type { MongodbPlace, MongodbPurpose } from "./reached.ts";

/** Which MongoDB is meant, and how it is reached. */
export interface MongodbRequest extends TargetRequest {
  /** One of the platform's `mongodb`. @default the one that the job covers, or the only one */
  server?: string;
  /** Name that its backups have. @default the platform's, else its hosts */
  storedAs?: string;
  /** Its connection string. @default MONGODB_URI in the environment, or as the job says */
  connection?: string;
  /** Whether the tools run here, or in its own pod. @default here, where there is a connection string */
  via?: "connection" | "exec";
}

/**
 * Find the MongoDB that is meant. Credentials come from MONGODB_URI, or MONGODB_USER and MONGODB_PASSWORD, each also as
 * a file that the variable with `_FILE` names; by exec they come from the Secret that the platform names.
 *
 * @throws {UsageError} when it is not clear which one is meant, or how it is reached
 */
export async function openMongodb(
  request: MongodbRequest,
  { platform, job }: {
    platform?: Platform | undefined;
    job?: Pick<ChosenJob, "covers" | "via" | "connection">;
  },
  purpose: MongodbPurpose,
  context: Context,
): Promise<MongodbPlace> {
  const name = serverOf(request, platform, job?.covers ?? []);
  const declared = platform?.mongodb[name ?? ""];
  const wantedVia = request.via ?? job?.via;
  const text = wantedVia === "exec"
    ? undefined
    : request.connection ?? await readSetting("MONGODB_URI", context) ?? job?.connection;
  if (text === undefined) {
    if (platform !== undefined && name !== undefined && declared !== undefined) {
      if (wantedVia !== "connection") {
        return await openPod(request, { platform, name, declared }, purpose, context);
      }
    }
    throw new UsageError(
      wantedVia === "exec"
        ? "Cannot reach MongoDB in its own pod: the platform declares none under mongodb"
        : "Cannot tell how MongoDB is reached: there is no connection string",
      {
        remedy:
          "give one with --connection or as MONGODB_URI in the environment, or name a platform that declares it under mongodb, with --via exec",
      },
    );
  }
  const [user, password] = await Promise.all([
    readSetting("MONGODB_USER", context),
    readSetting("MONGODB_PASSWORD", context),
  ]);
  const target = readMongodbTarget(text, {
    ...user === undefined ? {} : { user },
    ...password === undefined ? {} : { password },
  }, context);
  return {
    name: request.storedAs ?? name ?? target.hosts,
    label: name === undefined ? target.hosts : `${name} at ${target.hosts}`,
    target,
    via: "connection",
    path: localTools(context.env),
    run: runHere(context),
    replicated: declared !== undefined || target.replicaSet !== undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Its name in the platform; undefined where only a connection string says which one is meant. */
function serverOf(
  { server, connection }: MongodbRequest,
  platform: Platform | undefined,
  covers: ChosenJob["covers"],
): string | undefined {
  const names = Object.keys(platform?.mongodb ?? {});
  const remedy = names.length === 0
    ? "name it with --connection"
    : `name one of ${names.join(", ")} with --server`;
  if (server !== undefined) {
    if (names.includes(server)) return server;
    throw new UsageError(`Cannot find the MongoDB ${server}: the platform declares no such one`, {
      remedy,
    });
  }
  const covered = covers.find(({ section }) =>
    section === "mongodb" || section === "externalServices"
  );
  if (covered !== undefined) return covered.name;
  if (names.length === 1 && connection === undefined) return names[0];
  if (names.length === 0 || connection !== undefined) return undefined;
  throw new UsageError(
    `Cannot tell which MongoDB is meant: the platform declares ${names.join(" and ")}`,
    { remedy },
  );
}
