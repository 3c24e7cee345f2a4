import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** Keys of a declared Secret; undefined when nobody declares it. */
export function secretKeys(
  namespace: string,
  name: string,
  platform: Platform,
): readonly string[] | undefined {
  return declaredSecrets(platform)
    .find((secret) => secret.namespace === namespace && secret.name === name)?.keys;
}

/** A check of one Secret of a namespace and its keys, by the fields that name them. */
export function keysNeeded(
  namespace: string,
  platform: Platform,
): (
  path: Path,
  field: string,
  name: string,
  keys: Readonly<Record<string, string | undefined>>,
) => Mistake[] {
  const secrets = declaredSecrets(platform).filter((secret) => secret.namespace === namespace);
  return (path, field, name, keys) => {
    const known = secrets.find((secret) => secret.name === name)?.keys;
    return [
      ...refer(
        [...path, field],
        name,
        secrets.map((secret) => secret.name),
        `secret in namespace ${namespace}`,
      ),
      ...Object.entries(keys).flatMap(([keyField, key]) =>
        key === undefined || known === undefined
          ? []
          : refer([...path, keyField], key, known, `key of secret ${name}`)
      ),
    ];
  };
}
