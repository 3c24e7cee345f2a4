import { parseQuantity } from "../../core/units.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform, Redis, Sentinel, Valkey } from "../types.ts";
import { keysNeeded } from "./secret_keys.ts";

/** Redis under Sentinel: its Secret, memory that leaves room, and Sentinels that can agree. */
export function checkRedis(path: Path, options: Redis, platform: Platform): Mistake[] {
  const { secret, namespace, replicas, sentinel } = options;
  return [
    ...keysNeeded(namespace, platform)([...path, "secret"], "name", secret.name, {
      passwordKey: secret.passwordKey,
    }),
    ...checkMemory(path, options),
    ...(replicas < 2
      ? [{
        path: [...path, "replicas"],
        message: `${replicas}, expected 2 or more: Sentinel has nobody to make master otherwise; ` +
          "valkey has single servers",
      }]
      : []),
    ...checkSentinel([...path, "sentinel"], sentinel),
  ];
}

/** A Valkey server: its Secret, and memory that leaves room. */
export function checkValkey(path: Path, options: Valkey, platform: Platform): Mistake[] {
  const { secret, namespace } = options;
  return [
    ...(secret === undefined
      ? []
      : keysNeeded(namespace, platform)([...path, "secret"], "name", secret.name, {
        passwordKey: secret.passwordKey,
      })),
    ...checkMemory(path, options),
  ];
}

/** The kernel kills a server whose data alone fills its limit, before anything is evicted. */
function checkMemory(
  path: Path,
  { maxmemory, resources }: Pick<Redis | Valkey, "maxmemory" | "resources">,
): Mistake[] {
  const limit = resources.limits.memory;
  if (maxmemory === undefined || parseQuantity(maxmemory) < parseQuantity(limit)) return [];
  return [{
    path: [...path, "maxmemory"],
    message: `${maxmemory} leaves nothing of the limit, expected less than ${limit}`,
  }];
}

function checkSentinel(path: Path, { kind, replicas, quorum }: Sentinel): Mistake[] {
  if (kind === "DaemonSet") {
    return replicas === undefined ? [] : [{
      path: [...path, "replicas"],
      message: "a DaemonSet has a pod on each node, expected none, or kind: Deployment",
      atKey: true,
    }];
  }
  const count = replicas ?? 3;
  return quorum <= count ? [] : [{
    path: [...path, "quorum"],
    message: `${quorum}, but there are ${count} Sentinels, expected at most ${count}`,
  }];
}
