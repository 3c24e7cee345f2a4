import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { BackupStore, Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** A store's credentials must be declared in the namespace of whoever uses it, with the keys that he reads. */
export function checkStoreSecret(
  path: Path,
  name: string,
  { secrets }: BackupStore,
  namespace: string,
  keys: readonly string[],
  platform: Platform,
): Mistake[] {
  const secret = secrets[namespace];
  if (secret === undefined) {
    return [{
      path,
      message: `store ${name} has no secret for namespace ${namespace}, ` +
        `expected backups.stores.${name}.secrets.${namespace}`,
    }];
  }
  const known = declaredSecrets(platform).filter((each) => each.namespace === namespace);
  const declared = known.find((each) => each.name === secret);
  const at = ["backups", "stores", name, "secrets", namespace];
  if (declared === undefined) {
    return refer(at, secret, known.map((each) => each.name), `secret in namespace ${namespace}`);
  }
  return keys.filter((key) => !declared.keys.includes(key)).map((key) => ({
    path: at,
    message: `secret ${secret} has no key ${key}, expected ${keys.join(" and ")}`,
  }));
}
