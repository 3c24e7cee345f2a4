import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
  type S3Client,
} from "@aws-sdk/client-s3";
import { hasCode } from "./s3_errors.ts";
import type { Persist } from "./s3_retry.ts";

/** What is to be cleared. */
export interface Sweep {
  /** Name of the bucket. */
  Bucket: string;
  /** What keys begin with. */
  prefix: string;
  /** Uploads that began before this moment. */
  before: Temporal.Instant;
  /** Ends it. */
  signal: AbortSignal | undefined;
}

/**
 * Give up uploads that nobody finished. Returns how many there were.
 *
 * MinIO takes a prefix for one exact key, and without one tells of all uploads since its own start; what is from before
 * that it gives up itself after a day. So where a prefix finds nothing, all are looked at.
 * Source: MinIO, cmd/erasure-server-pool.go.
 * @ignore
 */
export async function sweepUploads(
  { client, persist }: { client: S3Client; persist: Persist },
  { Bucket, prefix, before, signal }: Sweep,
): Promise<number> {
  const listed = async (Prefix: string | undefined) => {
    const uploads: MultipartUpload[] = [];
    let next: ListMultipartUploadsCommandInput | undefined = { Bucket, Prefix };
    while (next !== undefined) {
      const asked: ListMultipartUploadsCommandInput = next;
      const page: ListMultipartUploadsCommandOutput = await persist(
        () => client.send(new ListMultipartUploadsCommand(asked), { abortSignal: signal }),
        signal,
      );
      uploads.push(...page.Uploads ?? []);
      const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      next = IsTruncated && KeyMarker !== undefined
        ? { Bucket, Prefix, KeyMarker, UploadIdMarker }
        : undefined;
    }
    return uploads.filter(({ Key = "", Initiated }) =>
      Key.startsWith(prefix) && Initiated !== undefined &&
      Initiated.getTime() < before.epochMilliseconds
    );
  };
  const own = await listed(prefix);
  const old = own.length > 0 || prefix === "" ? own : await listed(undefined);
  for (const { Key, UploadId } of old) {
    try {
      await persist(
        () =>
          client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), {
            abortSignal: signal,
          }),
        signal,
      );
    } catch (error) {
      // Another run swept it too.
      if (!hasCode(error, "NoSuchUpload")) throw error;
    }
  }
  return old.length;
}
