import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from "@aws-sdk/client-s3";
import { AlreadyStored } from "./errors.ts";
import { checkName } from "./name.ts";
import type { S3Address } from "./s3_address.ts";
import type { StoreClock } from "./s3_clock.ts";
import { hasCode, s3Error } from "./s3_errors.ts";
import { type Answer, type Rest, resumed } from "./s3_read.ts";
import type { Persist } from "./s3_retry.ts";
import { sweepUploads } from "./s3_sweep.ts";
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
export function createS3Store(
  client: S3Client,
  address: S3Address,
  { clock, persist, closeIdle }: { clock: StoreClock; persist: Persist; closeIdle: () => void },
): Store {
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

  const read = async (Key: string, rest?: Rest, signal?: AbortSignal): Promise<Answer> => {
    const part = rest === undefined ? {} : { Range: `bytes=${rest.offset}-`, IfMatch: rest.etag };
    const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...part }), {
      abortSignal: signal,
    });
    if (rest !== undefined && !answer.ContentRange?.startsWith(`bytes ${rest.offset}-`)) {
      throw new Error(`the store does not give the rest of an object, from byte ${rest.offset} on`);
    }
    return {
      body: answer.Body!.transformToWebStream() as Answer["body"],
      sizeBytes: answer.ContentLength,
      etag: answer.ETag,
    };
  };

  const open = async (name: string, { signal }: Options = {}) => {
    const Key = keyOf(name);
    const tried = `read ${name} from ${url}`;
    return await attempt(tried, reading, async () => {
      try {
        return resumed(await persist(() => read(Key, undefined, signal), signal), {
          ask: (rest) => read(Key, rest, signal),
          persist,
          signal,
          words: (error) => s3Error(error, { tried, bucket: Bucket, endpoint, actions: reading }),
        });
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
        // Names in answers are escaped, since XML cannot hold all that a key can.
        const asked = { Bucket, Prefix, ContinuationToken, EncodingType: "url" } as const;
        const page = await persist(
          () => client.send(new ListObjectsV2Command(asked), { abortSignal: signal }),
          signal,
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
    async put(name, body, { ifAbsent = false, expectedBytes, signal } = {}) {
      const stream = body instanceof Uint8Array ? new Blob([body]).stream() : body;
      try {
        // The write itself makes sure; this spares sending all of a stream in vain.
        if (ifAbsent && body === stream && await holds(name, { signal })) {
          throw new AlreadyStored(name, url);
        }
        const target = {
          ...{ bucket: Bucket, key: keyOf(name), ifAbsent, signal: signal ?? never },
          ...expectedBytes === undefined ? {} : { expectedBytes },
        };
        await attempt(
          `write ${name} to ${url}`,
          writing,
          () => upload({ client, persist, closeIdle }, stream, target),
        );
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
    async delete(name, { signal } = {}) {
      const Key = keyOf(name);
      // S3 does not tell whether there was something to remove.
      if (!await holds(name, { signal })) return false;
      await attempt(`remove ${name} from ${url}`, removing, () =>
        persist(
          () => client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal: signal }),
          signal,
        ));
      return true;
    },
    sweep: (names, before, { signal } = {}) =>
      attempt(
        `clear ${url}`,
        sweeping,
        () => sweepUploads({ client, persist }, { Bucket, prefix: root + names, before, signal }),
      ),
  };
}

const never = new AbortController().signal;
