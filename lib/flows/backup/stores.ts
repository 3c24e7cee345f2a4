import type { Context } from "../../core/context.ts";
import { storesOf } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { openSession } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import { openPlatformStore } from "./cluster_store.ts";
import { openBackupStore, type PlaceRequest } from "./place.ts";

/** Which store is meant, and where its credentials may be. */
export interface StoreRequest
  extends Pick<PlaceRequest, "store" | "endpoint" | "region">, TargetRequest {
}

/** Variables with a store's credentials; `FROM_` before each names those of the store that is copied from. */
const credentialVariables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * Open a store with what the environment has for it; one of the platform's also with what its Secret on the cluster has,
 * where the environment has nothing.
 *
 * @param prefix what stands before the names of variables that are of this store alone
 * @throws {UsageError} when it is not clear which one is meant, or credentials lack
 */
export async function openAnyStore(
  request: StoreRequest,
  { platform, subject, prefix = "" }: {
    platform: Platform | undefined;
    subject: string;
    prefix?: string;
  },
  context: Context,
): Promise<Store> {
  const env = prefixed(prefix, context.env);
  const name = request.store ?? "";
  const declared = platform === undefined ? undefined : storesOf(platform)[name];
  const hasKey = ["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID_FILE"].some((key) => env(key));
  if (platform === undefined || declared === undefined || hasKey) {
    return await openBackupStore(request, { platform, subject }, { ...context, env });
  }
  await using session = await openSession(request, platform.target, context);
  const { endpoint, region } = request;
  const said = { ...endpoint && { endpoint }, ...region && { region } };
  return await openPlatformStore(name, platform, session, { ...context, env }, said);
}

/** The environment as one store sees it. Of two pairs of keys, halves are never put together. */
function prefixed(prefix: string, env: Context["env"]): Context["env"] {
  const own = (name: string) => env(`${prefix}${name}`) || undefined;
  const hasOwn = credentialVariables.some((name) => own(name) ?? own(`${name}_FILE`));
  const isCredential = (name: string) => credentialVariables.includes(name.replace(/_FILE$/, ""));
  return (name) => own(name) ?? (hasOwn && isCredential(name) ? undefined : env(name));
}
