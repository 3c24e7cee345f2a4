import type { ClickHouseDestination } from "../../clickhouse/statements.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { reachS3 } from "../../store/s3_reach.ts";
import type { StorePlace } from "../backup/place.ts";

/** How the server itself reaches the store. */
export interface DestinationRequest {
  /** URL of the S3 API, where the server reaches it under another one than this task. */
  serverEndpoint?: string;
  /** Named collection of the server's configuration with the store's URL and credentials. */
  collection?: string;
}

/**
 * What tells a ClickHouse where an object of the store is. Its named collections begin where the store does, with its
 * prefix; without one, the server gets the credentials of this task.
 *
 * @throws {UsageError} when the store is none of S3, or its credentials expire
 */
export async function destinations(
  { url, defaults }: StorePlace,
  { serverEndpoint, collection }: DestinationRequest,
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<(name: string) => ClickHouseDestination> {
  const { urlOf, sessionToken, accessKeyId, secretAccessKey } = await reachS3(
    url,
    defaults,
    context,
  );
  if (collection !== undefined) return (path) => ({ collection, path });
  if (sessionToken !== undefined) {
    throw new UsageError(
      "Cannot hand the store to ClickHouse: its credentials have a session token, which ClickHouse does not take",
      { remedy: "use a key without one, or name a collection of the server with --collection" },
    );
  }
  return (name) => ({
    url: serverEndpoint === undefined ? urlOf(name) : otherOrigin(urlOf(name), serverEndpoint),
    accessKeyId,
    secretAccessKey,
  });
}

function otherOrigin(url: string, endpoint: string): string {
  const other = URL.parse(endpoint);
  if (other === null || !/^https?:$/.test(other.protocol)) {
    throw new UsageError(`Cannot use the endpoint "${endpoint}": it is no http:// or https:// URL`);
  }
  return url.replace(new URL(url).origin, other.origin);
}
