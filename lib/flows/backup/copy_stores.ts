import type { Context } from "../../core/context.ts";
import { storeKeys } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { openBackupStore, type StoreRequest } from "./place.ts";

/** Variables with a store's credentials; `FROM_` before each names those of the store that is copied from. */
const credentialVariables = [...storeKeys, "AWS_SESSION_TOKEN"];

/**
 * Open one of the two stores of a copy as {@linkcode openBackupStore} does, each with credentials of its own.
 *
 * @param prefix what stands before the names of variables that are of this store alone
 * @throws {UsageError} when it is not clear which one is meant, or credentials lack
 */
export async function openCopyStore(
  request: StoreRequest,
  { prefix, ...of }: { platform: Platform | undefined; subject: string; prefix: string },
  context: Context,
): Promise<Store> {
  return await openBackupStore(request, of, { ...context, env: prefixed(prefix, context.env) });
}

/** The environment as one store sees it. Of two pairs of keys, halves are never put together. */
function prefixed(prefix: string, env: Context["env"]): Context["env"] {
  const own = (name: string) => env(`${prefix}${name}`) || undefined;
  const hasOwn = credentialVariables.some((name) => own(name) ?? own(`${name}_FILE`));
  const isCredential = (name: string) => credentialVariables.includes(name.replace(/_FILE$/, ""));
  return (name) => own(name) ?? (hasOwn && isCredential(name) ? undefined : env(name));
}
