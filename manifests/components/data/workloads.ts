import type { Platform } from "../../../lib/platform/types.ts";
import { minio } from "./minio.ts";
import { mongodb } from "./mongodb.ts";
import type { DataParts } from "./parts.ts";
import { postgresServer } from "./postgres_server.ts";
import { redis } from "./redis.ts";
import { valkey } from "./valkey.ts";

/** What each data store is put together from that runs in pods of the platform's own, in the order of the sections. */
export function dataParts(platform: Platform): DataParts[] {
  return [
    ...Object.entries(platform.postgres).flatMap(([name, options]) =>
      options.kind === "statefulset" ? [postgresServer(name, options)] : []
    ),
    ...parts(platform.mongodb, mongodb),
    ...parts(platform.redis, redis),
    ...parts(platform.valkey, valkey),
    ...parts(platform.minio, minio),
  ];
}

function parts<T>(
  section: Readonly<Record<string, T>>,
  build: (name: string, options: T) => DataParts,
): DataParts[] {
  return Object.entries(section).map(([name, options]) => build(name, options));
}
