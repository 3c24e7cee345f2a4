import type { Context } from "../core/context.ts";
import { UsageError } from "../core/errors.ts";
import type { S3Address } from "./s3_address.ts";
import type { Store } from "./store.ts";

/** @throws {UsageError} always */
export function openS3Store(
  address: S3Address,
  _context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<Store> {
  return Promise.reject(new UsageError(`Cannot open the bucket ${address.bucket}`));
}
