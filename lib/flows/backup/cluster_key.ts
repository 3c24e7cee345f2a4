import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { storeKeys } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { openSession, type Session } from "../session.ts";
import type { TargetRequest } from "../target.ts";
import { openPlatformStore } from "./cluster_store.ts";

/** The cluster that has the key, and where the store is reached from here. */
export interface KeyRequest extends TargetRequest {
  /** URL of its S3 API. @default as the platform says */
  endpoint?: string;
  /** Region of its bucket. @default as the platform says */
  region?: string;
}

/**
 * Open one of a platform's stores with the key that its Secret on the cluster has.
 *
 * @throws {SlipwayError} when the cluster does not answer, or has none
 */
export async function openWithClusterKey(
  name: string,
  platform: Platform,
  request: KeyRequest,
  context: Context,
): Promise<Store> {
  const { endpoint, region } = request;
  await using session = await openCluster(name, platform, request, context);
  const said = { ...endpoint && { endpoint }, ...region && { region } };
  return await openPlatformStore(name, platform, session, context, said);
}

async function openCluster(
  name: string,
  platform: Platform,
  request: KeyRequest,
  context: Context,
): Promise<Session> {
  try {
    return await openSession(request, platform.target, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError(
      `Cannot open the store ${name}: the environment has no ${
        storeKeys[0]
      }, and the cluster that may have it cannot be asked: ${messageOf(error)}`,
      {
        remedy: `set ${
          storeKeys.join(" and ")
        }, or each with _FILE to the path of a file that holds it, or name the cluster with --kubeconfig or --context`,
        cause: error,
      },
    );
  }
}
