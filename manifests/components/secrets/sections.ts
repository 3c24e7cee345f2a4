import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { externalSecret, secretStore } from "./secret.ts";
import { vault } from "./vault.ts";

/** Objects that keep and deliver secrets. */
export function secretObjects(platform: Platform): Manifest[] {
  return [
    ...each(platform.vaults, vault),
    ...each(platform.secretStores, secretStore),
    ...each(platform.externalSecrets, externalSecret),
  ];
}
