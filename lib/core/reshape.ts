import type { ByteStream } from "./program.ts";

/** What becomes of the chunks of a stream. */
export interface Shape {
  /** What takes the place of a chunk; nothing where it is kept for later. The chunk may be changed. */
  chunk(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined;
  /** What comes after all chunks. Where it throws, the stream fails in place of ending. */
  end?(): Uint8Array<ArrayBuffer> | undefined | void;
  /** What is thrown in place of the stream's failure. @default the failure itself */
  failure?(error: unknown): unknown;
}

/**
 * The stream with other chunks. It reads nothing ahead, unlike a `TransformStream`, of which each holds a chunk more and
 * takes as long as the work of a small one.
 */
export function reshaped(stream: ByteStream, { chunk, end, failure }: Shape): ByteStream {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        for (;;) {
          const { done, value } = await reader.read().catch((error) => {
            throw failure === undefined ? error : failure(error);
          });
          const made = done ? end?.() : chunk(value);
          const hasBytes = made !== undefined && made.length > 0;
          if (hasBytes) controller.enqueue(made);
          if (done) return controller.close();
          if (hasBytes) return;
        }
      } catch (error) {
        void reader.cancel(error).catch(() => {});
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
