import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { retry } from "../core/retry.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { hasCode } from "./s3_errors.ts";
import type { Persist } from "./s3_retry.ts";

/** Where an object goes. */
export interface UploadTarget {
  /** Name of the bucket. */
  bucket: string;
  /** Key in the bucket. */
  key: string;
  /** Do not overwrite. */
  ifAbsent: boolean;
  /** About how many bytes come, where that is known. */
  expectedBytes?: number;
  /** Ends the upload. */
  signal: AbortSignal;
}

interface Part {
  PartNumber: number;
  ETag: string | undefined;
}

interface Multipart {
  Bucket: string;
  Key: string;
  UploadId: string | undefined;
}

const mebibyte = 1024 * 1024;
/** Names the write in the object's own metadata. */
const writeKey = "slipway-write";

/**
 * Size of a part in bytes, from its number, from 1. Parts of 8 MiB make 31 GiB; from there on they double every 600, so
 * that the 10,000 that are allowed hold more than the 5 TiB of the largest object, and what is smaller takes little
 * memory. Where it is known about how much comes, 6,000 parts of one size hold that. Source: Amazon S3, "Multipart upload
 * limits".
 */
export function partSizeBytes(number: number, expectedBytes?: number): number {
  const [even, step] = expectedBytes === undefined ? [4_000, 600] : [6_000, 400];
  const needed = Math.ceil((expectedBytes ?? 0) / even / mebibyte);
  const doublings = Math.max(0, Math.ceil((number - even) / step));
  return Math.min(Math.max(8, needed) * 2 ** doublings, 5 * 1024) * mebibyte;
}

/** How many parts are under way at once, each in memory. */
function parallelOf(sizeBytes: number): number {
  return sizeBytes > 32 * mebibyte ? 1 : 2;
}

/**
 * Write an object from a stream: in one piece when it fits into a part, else in parts that become one object at the end.
 * @ignore
 */
export async function upload(
  { client, persist, closeIdle }: { client: S3Client; persist: Persist; closeIdle: () => void },
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  target: UploadTarget,
): Promise<void> {
  const { bucket: Bucket, key: Key, expectedBytes, signal } = target;
  const sizeOf = (number: number) => partSizeBytes(number, expectedBytes);
  const blocks = blocksOf(stream, sizeOf, signal);
  const sender = { client, persist, sizeOf, abortSignal: signal };
  const write = crypto.randomUUID();
  const Metadata = { [writeKey]: write };
  const finish = (send: (IfNoneMatch: "*" | undefined) => Promise<unknown>) =>
    finished(sender, { Bucket, Key }, { write, ifAbsent: target.ifAbsent, send });
  try {
    const first = await blocks.next();
    if (first.done || first.value.last) {
      const Body = first.value?.bytes ?? new Uint8Array();
      await finish((IfNoneMatch) =>
        client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch, Metadata }), {
          abortSignal: signal,
        })
      );
      return;
    }
    const { UploadId } = await persist(
      () =>
        client.send(new CreateMultipartUploadCommand({ Bucket, Key, Metadata }), {
          abortSignal: signal,
        }),
      signal,
    );
    const multipart = { Bucket, Key, UploadId };
    try {
      const Parts = await sendParts(sender, { first: first.value, blocks }, multipart);
      await finish((IfNoneMatch) =>
        client.send(
          new CompleteMultipartUploadCommand({
            ...multipart,
            MultipartUpload: { Parts },
            IfNoneMatch,
          }),
          { abortSignal: signal },
        )
      );
    } catch (error) {
      await abandon(client, multipart);
      throw error;
    }
  } finally {
    await blocks.return(undefined);
    closeIdle();
  }
}

interface Sender {
  client: S3Client;
  persist: Persist;
  sizeOf: (number: number) => number;
  abortSignal: AbortSignal;
}

/**
 * The one request that makes an object. Its answer can be lost, and then the store refuses the second one: because there
 * is an object, or no upload any more. So an object is looked at before it is taken for somebody else's.
 */
async function finished(
  { client, persist, abortSignal }: Sender,
  place: { Bucket: string; Key: string },
  { write, ifAbsent, send }: {
    write: string;
    ifAbsent: boolean;
    send: (IfNoneMatch: "*" | undefined) => Promise<unknown>;
  },
): Promise<void> {
  const found = () =>
    persist(() => client.send(new HeadObjectCommand(place), { abortSignal }), abortSignal);
  let tries = 0;
  try {
    await persist(() => (tries++, send(ifAbsent ? "*" : undefined)), abortSignal);
  } catch (error) {
    if (hasCode(error, "PreconditionFailed", "NoSuchUpload", "InvalidPart")) {
      // The first request may still be at work, and have taken the parts away already.
      const object = await retry(found, {
        signal: abortSignal,
        retryable: (failure) => isAbsent(failure) && tries > 1,
      }).catch(() => undefined);
      if (object?.Metadata?.[writeKey] === write) return;
      throw error;
    }
    if (!ifAbsent || !hasCode(error, "NotImplemented")) throw error;
    // A store without conditional writes: what is left is to look first.
    const isThere = await found().then(() => true, (failure) => {
      if (isAbsent(failure)) return false;
      throw failure;
    });
    if (isThere) throw Object.assign(new Error("it is there"), { name: "PreconditionFailed" });
    await persist(() => send(undefined), abortSignal);
  }
}

function isAbsent(failure: unknown): boolean {
  return hasCode(failure, "NotFound", "NoSuchKey");
}

async function sendParts(
  { client, persist, sizeOf, abortSignal: signal }: Sender,
  { first, blocks }: {
    first: Block;
    blocks: AsyncIterable<Block>;
  },
  multipart: Multipart,
): Promise<Part[]> {
  const parts: Part[] = [];
  const underWay = new Set<Promise<void>>();
  const failure = new AbortController();
  const abortSignal = AbortSignal.any([signal, failure.signal]);
  const send = ({ bytes: Body, release }: Block) => {
    const part: Part = { PartNumber: parts.length + 1, ETag: undefined };
    parts.push(part);
    const command = { ...multipart, PartNumber: part.PartNumber, Body };
    const sent = persist(
      () => client.send(new UploadPartCommand(command), { abortSignal }),
      abortSignal,
    ).then(({ ETag }) => {
      part.ETag = ETag;
      release();
      underWay.delete(sent);
    });
    underWay.add(sent);
    // Whoever waits next sees the failure; until then it is not unhandled.
    sent.catch(() => {});
  };
  try {
    send(first);
    for await (const block of blocks) {
      send(block);
      if (underWay.size >= parallelOf(sizeOf(parts.length))) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    return parts;
  } catch (error) {
    failure.abort();
    await Promise.allSettled(underWay);
    throw error;
  }
}

/** Longest that an upload is being given up, in milliseconds. */
const givingUpMs = 10_000;

/** Give an upload up. A part that was still on its way can arrive after that, so it is asked whether any is left. */
async function abandon(client: S3Client, multipart: Multipart): Promise<void> {
  const isGone = (error: unknown) => hasCode(error, "NoSuchUpload");
  const abortSignal = AbortSignal.timeout(givingUpMs);
  try {
    await retry(async () => {
      await client.send(new AbortMultipartUploadCommand(multipart), { abortSignal });
      await client.send(new ListPartsCommand(multipart), { abortSignal });
      throw new Error("Parts are left");
    }, { attempts: 3, signal: abortSignal, retryable: (error) => !isGone(error) });
  } catch {
    // It is gone; or else the store cannot be reached any more, and `sweep` ends it another day.
  }
}
