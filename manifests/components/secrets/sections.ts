import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { clusterVaults } from "../../../lib/platform/vaults.ts";
import { each } from "../manifest.ts";
import { sealedSecret } from "./sealed_secret.ts";
import { externalSecret } from "./secret.ts";
import { secretStore } from "./secret_store.ts";
import { vault } from "./vault.ts";

/** Objects that keep and deliver secrets. */
export function secretObjects(platform: Platform): Manifest[] {
  return [
    ...clusterVaults(platform).flatMap(([name, options]) => vault(name, options, platform)),
    ...each(platform.secretStores, secretStore),
    ...each(platform.externalSecrets, (name, options) =>
      externalSecret(
        name,
        options,
        platform.secretStores[options.store]?.scope === "cluster"
          ? "ClusterSecretStore"
          : "SecretStore",
      )),
    ...each(platform.sealedSecrets, sealedSecret),
  ];
}
