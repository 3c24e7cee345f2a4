import { parseQuantity } from "../../../lib/core/units.ts";
import type { Redis, Valkey } from "../../../lib/platform/types.ts";

/** Data that may change in which time before a snapshot is made, in seconds and changes. Source: redis.conf of Redis. */
const snapshots = "3600 1 300 100 60 10000";

/** Configuration of a Redis or Valkey server, without passwords. Source: redis.conf of Redis. @ignore */
export function serverConfig(
  options: Pick<Redis | Valkey, "maxmemory" | "maxmemoryPolicy" | "resources">,
  persistence: Redis["persistence"],
): string {
  return lines({
    port: "6379",
    bind: "* -::*",
    // Access is for passwords and network policies to bound; without a password, this would let nobody in.
    "protected-mode": "no",
    dir: "/data",
    maxmemory: String(maxmemoryBytes(options)),
    "maxmemory-policy": options.maxmemoryPolicy,
    appendonly: persistence.includes("aof") ? "yes" : "no",
    appendfsync: "everysec",
    save: persistence.includes("rdb") ? snapshots : '""',
  });
}

/** Configuration of a Sentinel, after it knows the master. Source: sentinel.conf of Redis. @ignore */
export function sentinelConfig({ sentinel }: Pick<Redis, "sentinel">): string {
  const { masterName, downAfterMs, failoverTimeoutMs } = sentinel;
  return lines({
    [`sentinel down-after-milliseconds ${masterName}`]: String(downAfterMs),
    [`sentinel failover-timeout ${masterName}`]: String(failoverTimeoutMs),
    // One replica at a time loads the new master's data; the others go on answering.
    [`sentinel parallel-syncs ${masterName}`]: "1",
  });
}

/** Memory that data may take: what was asked for, or what the limit leaves beside the copies while data is saved. */
function maxmemoryBytes(
  { maxmemory, resources }: Pick<Redis | Valkey, "maxmemory" | "resources">,
): number {
  return maxmemory === undefined
    ? Math.floor(parseQuantity(resources.limits.memory) * 3 / 4)
    : Math.floor(parseQuantity(maxmemory));
}

function lines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings).map(([name, value]) => `${name} ${value}\n`).join("");
}
