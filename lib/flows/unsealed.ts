import { UsageError } from "../core/errors.ts";
import { unsealedKeys } from "../platform/sealed.ts";
import type { Platform } from "../platform/types.ts";

/**
 * Refuse a platform whose secrets are not all sealed: what is delivered would wait for Secrets that never come.
 *
 * @throws {UsageError} that names each key
 */
export function refuseUnsealed(
  platform: Pick<Platform, "name" | "environment" | "sealedSecrets">,
): void {
  const keys = unsealedKeys(platform);
  if (keys.length === 0) return;
  const bySecret = Map.groupBy(keys, ({ namespace, name }) => `${namespace}/${name}`);
  const lines = [...bySecret].map(([secret, keys]) =>
    `  ${secret}: ${keys.map(({ key }) => key).join(", ")}`
  );
  throw new UsageError(
    `${platform.name} for ${platform.environment} has ${keys.length} ${
      keys.length === 1 ? "value that is" : "values that are"
    } not sealed yet:\n${lines.join("\n")}`,
    {
      remedy:
        `seal them with \`deno task seal-secret --platform ${platform.name} --env ${platform.environment} ` +
        `--name ${keys[0]!.name}\`, or look at the rest with --placeholders`,
    },
  );
}
