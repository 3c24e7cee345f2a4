import { erasureLayout, mostParity } from "../minio.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Minio, Platform } from "../types.ts";
import { refer } from "./reference.ts";
import { keysNeeded } from "./secret_keys.ts";

/** A MinIO store: its Secrets, drives that MinIO can lay out, and users of buckets that are there. */
export function checkMinio(path: Path, options: Minio, platform: Platform): Mistake[] {
  const { secret, namespace } = options;
  return [
    ...keysNeeded(namespace, platform)([...path, "secret"], "name", secret.name, {
      userKey: secret.userKey,
      passwordKey: secret.passwordKey,
    }),
    ...checkUsers([...path, "users"], options, platform),
    ...checkLayout(path, options),
  ];
}

function checkUsers(
  path: Path,
  { users, buckets, namespace }: Minio,
  platform: Platform,
): Mistake[] {
  const needed = keysNeeded(namespace, platform);
  return Object.entries(users).flatMap(([name, { secret, buckets: used }]) => [
    ...needed([...path, name, "secret"], "name", secret.name, {
      userKey: secret.userKey,
      passwordKey: secret.passwordKey,
    }),
    ...Object.keys(used).flatMap((bucket) =>
      refer([...path, name, "buckets", bucket], bucket, Object.keys(buckets), "bucket")
        .map((mistake) => ({ ...mistake, atKey: true }))
    ),
  ]);
}

function checkLayout(path: Path, options: Minio): Mistake[] {
  const { servers, drivesPerServer, parity } = options;
  if (erasureLayout(options) !== undefined) return [];
  const layout = erasureLayout({ servers, drivesPerServer });
  if (layout === undefined) {
    const drives = servers * drivesPerServer;
    return [{
      path: [...path, servers > 1 ? "servers" : "drivesPerServer"],
      message: `${drives} drives of ${servers} servers cannot be divided evenly into sets ` +
        "of 2 to 16, expected a number that can, such as 4, 6, 8 or 16",
    }];
  }
  const most = mostParity(layout.setSize);
  return [{
    path: [...path, "parity"],
    message:
      `${parity} of a set of ${layout.setSize} drives, expected at most ${most}, half of them`,
  }];
}
