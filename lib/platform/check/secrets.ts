import { declaredSecrets } from "../declared.ts";
import { type Mistake, pathText } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer } from "./reference.ts";
import { checkSealedSecrets } from "./sealed_secrets.ts";
import { checkSecretStores } from "./secret_stores.ts";
import { checkVaultConfigurations } from "./vault_configuration.ts";
import { checkVaults } from "./vaults.ts";

/** External secrets need their store, and no Secret may be made twice. */
export function checkSecrets(platform: Platform): Mistake[] {
  return [
    ...checkSecretStores(platform),
    ...checkExternalSecrets(platform),
    ...checkSealedSecrets(platform),
    ...checkClashes(platform),
    ...checkVaults(platform),
    ...checkVaultConfigurations(platform),
  ];
}

function checkExternalSecrets({ externalSecrets, secretStores }: Platform): Mistake[] {
  return Object.entries(externalSecrets).flatMap(([name, secret]) => {
    const { namespace, store, from, keysFrom, pullSecret, type } = secret;
    const path = ["externalSecrets", name];
    const usable = Object.entries(secretStores).filter(([, options]) =>
      options.scope === "cluster"
        ? options.usableFrom?.includes(namespace) ?? true
        : options.namespace === namespace
    );
    const mistakes = refer(
      [...path, "store"],
      store,
      usable.map(([known]) => known),
      `secret store for namespace ${namespace}`,
    );
    if (from === undefined && keysFrom === undefined) {
      mistakes.push({
        path: [...path, "from"],
        message: "missing, expected the path in the store",
      });
    }
    if (from !== undefined && keysFrom !== undefined) {
      mistakes.push({
        path: [...path, "from"],
        message: "expected none beside keysFrom, which says the path of each key",
        atKey: true,
      });
    }
    if (type !== undefined && pullSecret !== undefined) {
      mistakes.push({
        path: [...path, "type"],
        message: "expected none beside pullSecret, which is a kubernetes.io/dockerconfigjson",
        atKey: true,
      });
    }
    return mistakes;
  });
}

/** Two things that make a Secret of the same name would take turns in overwriting it. */
function checkClashes(platform: Platform): Mistake[] {
  const byName = Map.groupBy(
    declaredSecrets(platform),
    ({ namespace, name }) => `${namespace}/${name}`,
  );
  return [...byName.values()].flatMap(([first, ...others]) =>
    others.map(({ path }) => ({
      path,
      message: `${pathText(first!.path)} makes the Secret ${first!.namespace}/${
        first!.name
      } too, expected another name`,
      atKey: true,
    }))
  );
}
