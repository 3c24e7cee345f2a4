import type { Platform } from "./types.ts";

/** What stands in a SealedSecret for a value that is not sealed yet. No controller can open it. */
export const unsealedMark = "NOT-SEALED-YET";

/** A value that has to be sealed before the platform can be delivered. */
export interface UnsealedKey {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Key in it. */
  key: string;
}

/** All values of a platform that are not sealed yet. */
export function unsealedKeys({ sealedSecrets }: Pick<Platform, "sealedSecrets">): UnsealedKey[] {
  return Object.entries(sealedSecrets).flatMap(([name, { namespace, keys, sealed }]) =>
    keys.filter((key) => sealed[key] === undefined).map((key) => ({ namespace, name, key }))
  );
}
