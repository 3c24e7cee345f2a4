import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { retry } from "../core/retry.ts";
import { blocksOf } from "./blocks.ts";
import { hasCode } from "./s3_errors.ts";

/** Where an object goes. */
export interface UploadTarget {
  /** Name of the bucket. */
  bucket: string;
  /** Key in the bucket. */
  key: string;
  /** Do not overwrite. */
  ifAbsent: boolean;
  /** Ends the upload. */
  signal: AbortSignal;
}

interface Part {
  PartNumber: number;
  ETag: string | undefined;
}

/** How many parts are under way at once, each in memory. */
const parallel = 2;
const mebibyte = 1024 * 1024;

/**
 * Size of a part in bytes. It doubles every 1,000 parts, so that the 10,000 that are allowed hold more than the
 * largest object, and a small object takes little memory. Source: Amazon S3, "Multipart upload limits".
 */
export function partSizeBytes(number: number): number {
  return Math.min(8 * 2 ** Math.floor((number - 1) / 1_000), 1_024) * mebibyte;
}

/**
 * Write an object from a stream: in one piece when it fits into a part, else in parts that become one object at the end.
 * @ignore
 */
export async function upload(
  client: S3Client,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  target: UploadTarget,
): Promise<void> {
  const { bucket: Bucket, key: Key, ifAbsent, signal } = target;
  const IfNoneMatch = ifAbsent ? "*" : undefined;
  const blocks = blocksOf(stream, partSizeBytes, signal);
  try {
    const first = await blocks.next();
    if (first.done || first.value.last) {
      const Body = first.value?.bytes ?? new Uint8Array();
      await client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch }), {
        abortSignal: signal,
      });
      return;
    }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }), {
      abortSignal: signal,
    });
    const multipart = { Bucket, Key, UploadId };
    try {
      const parts = await sendParts(
        client,
        { first: first.value.bytes, blocks },
        multipart,
        signal,
      );
      await client.send(
        new CompleteMultipartUploadCommand({
          ...multipart,
          MultipartUpload: { Parts: parts },
          IfNoneMatch,
        }),
        { abortSignal: signal },
      );
    } catch (error) {
      await abandon(client, multipart);
      throw error;
    }
  } finally {
    await blocks.return(undefined);
  }
}

async function sendParts(
  client: S3Client,
  { first, blocks }: {
    first: Uint8Array<ArrayBuffer>;
    blocks: AsyncIterable<{ bytes: Uint8Array<ArrayBuffer> }>;
  },
  multipart: { Bucket: string; Key: string; UploadId: string | undefined },
  signal: AbortSignal,
): Promise<Part[]> {
  const parts: Part[] = [];
  const underWay = new Set<Promise<void>>();
  const failure = new AbortController();
  const abortSignal = AbortSignal.any([signal, failure.signal]);
  const send = (Body: Uint8Array<ArrayBuffer>) => {
    const part: Part = { PartNumber: parts.length + 1, ETag: undefined };
    parts.push(part);
    const { PartNumber } = part;
    const sent = client.send(new UploadPartCommand({ ...multipart, PartNumber, Body }), {
      abortSignal,
    }).then(({ ETag }) => {
      part.ETag = ETag;
      underWay.delete(sent);
    });
    underWay.add(sent);
    // Whoever waits next sees the failure; until then it is not unhandled.
    sent.catch(() => {});
  };
  try {
    send(first);
    for await (const { bytes } of blocks) {
      send(bytes);
      if (underWay.size >= parallel) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    return parts;
  } catch (error) {
    failure.abort();
    await Promise.allSettled(underWay);
    throw error;
  }
}

/** Give an upload up. A part that was still on its way can arrive after that, so it is asked whether any is left. */
async function abandon(
  client: S3Client,
  multipart: { Bucket: string; Key: string; UploadId: string | undefined },
): Promise<void> {
  const isGone = (error: unknown) => hasCode(error, "NoSuchUpload");
  try {
    await retry(async () => {
      await client.send(new AbortMultipartUploadCommand(multipart));
      await client.send(new ListPartsCommand(multipart));
      throw new Error("Parts are left");
    }, { attempts: 3, retryable: (error) => !isGone(error) });
  } catch {
    // It is gone; or else the store cannot be reached any more, and `sweep` ends it another day.
  }
}
