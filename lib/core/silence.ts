import type { ByteStream } from "./program.ts";

/**
 * The stream, which fails when it is read from and nothing comes for so long. While nobody reads, nothing is waited for.
 *
 * @param silentMs in milliseconds
 * @param failure what it fails with then
 */
export function unlessSilent(
  stream: ByteStream,
  silentMs: number,
  failure: () => unknown,
): ByteStream {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const silence = Promise.withResolvers<never>();
      const timer = setTimeout(() => silence.reject(failure()), silentMs);
      try {
        const { done, value } = await Promise.race([reader.read(), silence.promise]);
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        void reader.cancel(error).catch(() => {});
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
