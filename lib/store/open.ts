import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "../core/context.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { createFolderStore } from "./folder.ts";
import { type S3Address, s3Address } from "./s3_address.ts";
import type { Store } from "./store.ts";

/** What an `s3://` URL does not say itself. What the URL says counts more. */
export type StoreDefaults = Pick<S3Address, "endpoint" | "region" | "pathStyle">;

/**
 * The store at a URL: a folder's path, `file:///path`, or
 * `s3://bucket/prefix?endpoint=https://…&region=…&pathStyle=true`. Credentials of S3 come from the environment, as the
 * tools of AWS read them: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, or files that
 * `AWS_ACCESS_KEY_ID_FILE` and so on name; an authority of its own from the file `AWS_CA_BUNDLE`; also
 * `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` and `AWS_REGION`.
 *
 * @example
 * ```ts
 * const store = await openStore("s3://backups/shop?endpoint=https://minio.example.org", context);
 * ```
 *
 * @throws {UsageError} when the URL is malformed, or credentials lack
 */
export async function openStore(
  url: string,
  context: Pick<Context, "env" | "cwd" | "redactor">,
  defaults: StoreDefaults = {},
): Promise<Store> {
  if (url.startsWith("s3://")) {
    const { openS3Store } = await import("./s3_open.ts");
    return await openS3Store(s3Address(url, defaults), context);
  }
  if (url.startsWith("file:")) return createFolderStore(pathOf(url));
  if (url === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    throw new UsageError(`Cannot open the store "${url}": wanted a folder, file:///… or s3://…`);
  }
  return createFolderStore(resolve(context.cwd, url));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new UsageError(`Cannot open the store "${url}": ${messageOf(error)}`, {
      remedy: "write it as file:///path",
      cause: error,
    });
  }
}
