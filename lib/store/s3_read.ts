import type { Persist } from "./s3_retry.ts";
import { isPassing } from "./s3_retry.ts";

/** An object's bytes from some offset on. */
export interface Answer {
  /** The bytes while they come. */
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** How many there are from that offset on; undefined where the store does not tell. */
  sizeBytes: number | undefined;
  /** Names the content, so that another one is not taken for it. */
  etag: string | undefined;
}

/** Where to go on with an object. */
export interface Rest {
  /** How many bytes have come. */
  offset: number;
  /** The content that they are of. */
  etag: string;
}

/** How often a connection may end without one byte having come. */
const fruitlessTries = 4;

/**
 * A stream of an object that goes on with the rest when its connection is cut or silent: whoever restores for hours
 * should not begin anew, and whoever reads slowly has connections closed that seem idle.
 */
export function resumed(
  first: Answer,
  { ask, persist, signal, words }: {
    ask: (rest: Rest) => Promise<Answer>;
    persist: Persist;
    signal: AbortSignal | undefined;
    words: (error: unknown) => unknown;
  },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { etag, sizeBytes } = first;
  let reader = first.body.getReader();
  let offset = 0;
  let fruitless = 0;
  const failed = (error: unknown) => signal?.aborted ? signal.reason : words(error);
  return new ReadableStream({
    async pull(controller) {
      for (;;) {
        try {
          const { done, value } = await reader.read();
          if (done && sizeBytes !== undefined && offset < sizeBytes) {
            throw cutOff(offset, sizeBytes);
          }
          if (done) return controller.close();
          offset += value.length;
          fruitless = 0;
          return controller.enqueue(value);
        } catch (error) {
          const hopeless = signal?.aborted || etag === undefined || !isPassing(error) ||
            ++fruitless > fruitlessTries;
          if (hopeless) return controller.error(failed(error));
          try {
            const { body } = await persist(() => ask({ offset, etag }), signal);
            reader = body.getReader();
          } catch (later) {
            return controller.error(failed(later));
          }
        }
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

function cutOff(offset: number, sizeBytes: number): Error {
  const message = `the body ended after ${offset} of ${sizeBytes} bytes`;
  return Object.assign(new Error(message), { code: "ECONNRESET" });
}
