import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform, SecretKey } from "../types.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";

/** A Vault that unseals itself needs another one and a token for it; in memory it cannot have several pods. */
export function checkVaults(platform: Platform): Mistake[] {
  return Object.entries(platform.vaults).flatMap(([name, options]) => {
    const { namespace, resources, replicas, seal, development } = options;
    const path = ["vaults", name];
    const others = Object.keys(platform.vaults).filter((other) => other !== name);
    const mistakes = checkResources([...path, "resources"], resources);
    if (seal !== undefined) {
      mistakes.push(
        ...refer([...path, "seal", "vault"], seal.vault, others, "other vault"),
        ...checkKey([...path, "seal", "token"], namespace, seal.token, platform),
      );
    }
    if (development === undefined) return mistakes;
    mistakes.push(
      ...checkKey(
        [...path, "development", "rootToken"],
        namespace,
        development.rootToken,
        platform,
      ),
    );
    if (replicas > 1) {
      mistakes.push({
        path: [...path, "replicas"],
        message: `${replicas}, expected 1: each pod would have secrets of its own in memory`,
      });
    }
    if (seal !== undefined) {
      mistakes.push({
        path: [...path, "seal"],
        message: "expected none beside development, which is never sealed",
        atKey: true,
      });
    }
    return mistakes;
  });
}

function checkKey(
  path: Path,
  namespace: string,
  { secret, key }: SecretKey,
  platform: Platform,
): Mistake[] {
  const known = declaredSecrets(platform).filter((declared) => declared.namespace === namespace);
  const found = known.find(({ name }) => name === secret);
  return found === undefined
    ? refer(
      [...path, "secret"],
      secret,
      known.map(({ name }) => name),
      `secret in namespace ${namespace}`,
    )
    : refer([...path, "key"], key, found.keys, `key of secret ${secret}`);
}
