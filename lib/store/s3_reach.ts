import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import type { StoreDefaults } from "./open.ts";
import { s3Address, withSurroundings } from "./s3_address.ts";
import { type S3Credentials, s3Credentials } from "./s3_credentials.ts";

/** How another system reaches the objects of a store by itself. */
export interface S3Reach extends S3Credentials {
  /** URL of an object. */
  urlOf(name: string): string;
}

/**
 * How a system that speaks S3 itself reaches the store at a URL.
 *
 * @throws {UsageError} when it is no store of S3, or credentials lack
 */
export async function reachS3(
  url: string,
  defaults: StoreDefaults,
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<S3Reach> {
  if (!url.startsWith("s3://")) {
    throw new UsageError(`Cannot hand the store ${url} to another system: it is none of S3`, {
      remedy: "name one with --store s3://bucket/prefix",
    });
  }
  const { bucket, prefix, endpoint: given, region, pathStyle } = withSurroundings(
    s3Address(url, defaults),
    context.env,
  );
  const endpoint = new URL(given ?? `https://s3.${region}.amazonaws.com`);
  if (!pathStyle) endpoint.hostname = `${bucket}.${endpoint.hostname}`;
  const root = [...pathStyle ? [bucket] : [], ...prefix === "" ? [] : prefix.split("/")];
  const base = endpoint.href.replace(/\/+$/, "");
  return {
    ...await s3Credentials(context),
    urlOf: (name) => [base, ...[...root, ...name.split("/")].map(encodeURIComponent)].join("/"),
  };
}
