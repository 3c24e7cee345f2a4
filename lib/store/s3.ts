import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { AlreadyStored } from "./errors.ts";
import { checkName } from "./name.ts";
import type { StoreClock } from "./s3_clock.ts";
import type { S3Address } from "./s3_address.ts";
import { hasCode, s3Error } from "./s3_errors.ts";
import { upload } from "./s3_upload.ts";
import type { Store, StoredObject } from "./store.ts";

/** Options of one request. */
interface Options {
  signal?: AbortSignal;
}

/** Actions that credentials need. Source: Amazon S3, "Required permissions for S3 API operations". */
const writing = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
const reading = ["s3:GetObject", "s3:ListBucket"];
const listing = ["s3:ListBucket"];
const removing = ["s3:DeleteObject", "s3:ListBucket"];
const sweeping = ["s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload"];

/**
 * A bucket, or what is under a prefix in it, as a store.
 *
 * @throws {StoreError} from each function when the store refuses or cannot be reached
 * @ignore
 */
export function createS3Store(client: S3Client, address: S3Address, clock: StoreClock): Store {
  const { bucket: Bucket, prefix } = address;
  const root = prefix === "" ? "" : `${prefix}/`;
  const url = `s3://${Bucket}${prefix === "" ? "" : `/${prefix}`}`;
  const endpoint = address.endpoint ?? `S3 in ${address.region ?? "us-east-1"}`;
  const attempt = async <T>(tried: string, actions: readonly string[], work: () => Promise<T>) => {
    try {
      return await work();
    } catch (error) {
      throw s3Error(error, { tried, bucket: Bucket, endpoint, actions });
    }
  };
  const keyOf = (name: string) => {
    checkName(name);
    return root + name;
  };

  const open = async (name: string, { signal }: Options = {}) => {
    const Key = keyOf(name);
    const tried = `read ${name} from ${url}`;
    return await attempt(tried, reading, async () => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }), {
          abortSignal: signal,
        });
        return told(
          Body!.transformToWebStream() as ReadableStream<Uint8Array<ArrayBuffer>>,
          (error) => s3Error(error, { tried, bucket: Bucket, endpoint, actions: reading }),
        );
      } catch (error) {
        if (hasCode(error, "NoSuchKey")) return undefined;
        throw error;
      }
    });
  };

  const list = (Prefix: string, { signal }: Options = {}) =>
    attempt(`list ${url}`, listing, async () => {
      const found: StoredObject[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          // Names in answers are escaped, since XML cannot hold all that a key can.
          new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken, EncodingType: "url" }),
          { abortSignal: signal },
        );
        for (const { Key = "", Size = 0, LastModified } of page.Contents ?? []) {
          const name = decodeURIComponent(Key.replaceAll("+", " ")).slice(root.length);
          // Some tools mark folders with empty objects.
          if (name === "" || name.endsWith("/")) continue;
          const modifiedAt = (LastModified ?? new Date(0)).toTemporalInstant();
          found.push({ name, sizeBytes: Size, modifiedAt });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    });

  const holds = async (name: string, options: Options = {}) =>
    (await list(keyOf(name), options)).some((object) => object.name === name);

  return {
    url,
    open,
    now: () => clock.now(),
    close: () => client.destroy(),
    async put(name, body, { ifAbsent = false, signal } = {}) {
      const stream = body instanceof Uint8Array ? new Blob([body]).stream() : body;
      try {
        // The write itself makes sure; this spares sending all of a stream in vain.
        if (ifAbsent && body === stream && await holds(name, { signal })) {
          throw new AlreadyStored(name, url);
        }
        const target = { bucket: Bucket, key: keyOf(name), ifAbsent, signal: signal ?? never };
        await attempt(`write ${name} to ${url}`, writing, () => upload(client, stream, target));
      } catch (error) {
        if (!stream.locked) await stream.cancel(error).catch(() => {});
        signal?.throwIfAborted();
        const cause = error instanceof Error ? error.cause ?? error : error;
        if (ifAbsent && hasCode(cause, "PreconditionFailed", "ConditionalRequestConflict")) {
          throw new AlreadyStored(name, url, error);
        }
        throw error;
      }
    },
    async get(name, options) {
      const stream = await open(name, options);
      return stream === undefined ? undefined : await new Response(stream).bytes();
    },
    list: (names, options) => list(root + names, options),
    async delete(name, options) {
      const Key = keyOf(name);
      // S3 does not tell whether there was something to remove.
      if (!await holds(name, options)) return false;
      await attempt(
        `remove ${name} from ${url}`,
        removing,
        () =>
          client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal: options?.signal }),
      );
      return true;
    },
    sweep: (names, before, { signal } = {}) =>
      attempt(`clear ${url}`, sweeping, async () => {
        const { Uploads = [] } = await client.send(
          new ListMultipartUploadsCommand({ Bucket, Prefix: root + names }),
          { abortSignal: signal },
        );
        const old = Uploads.filter(({ Initiated }) =>
          Initiated !== undefined && Initiated.getTime() < before.epochMilliseconds
        );
        for (const { Key, UploadId } of old) {
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), {
            abortSignal: signal,
          });
        }
        return old.length;
      }),
  };
}

const never = new AbortController().signal;

/** The same stream, whose failure is told in other words. */
function told(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  words: (error: unknown) => unknown,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(words(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
