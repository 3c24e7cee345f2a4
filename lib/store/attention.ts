import { messageOf } from "../core/errors.ts";

/** A request that somebody waits for. */
export interface Attention {
  /** Aborted when nobody waits any more. */
  signal: AbortSignal;
  /** Wait for a step, and for no longer than so many milliseconds. */
  within<T>(ms: number, step: () => Promise<T>): Promise<T>;
  /** The request has ended. */
  end(): void;
}

/** Each step ends with its time, also where what it waits for does not heed a signal. */
export function attend(outer: AbortSignal | undefined): Attention {
  const inner = new AbortController();
  const onAbort = () => inner.abort(outer?.reason);
  if (outer?.aborted) onAbort();
  outer?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: inner.signal,
    end: () => outer?.removeEventListener("abort", onAbort),
    async within(ms, step) {
      const { promise: ended, reject } = Promise.withResolvers<never>();
      const onEnd = () => reject(inner.signal.reason);
      inner.signal.addEventListener("abort", onEnd, { once: true });
      const timer = setTimeout(() => inner.abort(timedOut(ms)), ms);
      try {
        inner.signal.throwIfAborted();
        return await Promise.race([step(), ended]);
      } catch (error) {
        throw outer?.aborted ? aborted(error) : coded(error);
      } finally {
        clearTimeout(timer);
        inner.signal.removeEventListener("abort", onEnd);
      }
    },
  };
}

/** The same stream, each of whose reads is attended. A reader that takes its time is no silence. */
export function attended(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  attention: Attention,
  silentMs: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await attention.within(silentMs, () => reader.read());
        if (!done) return controller.enqueue(value);
        attention.end();
        controller.close();
      } catch (error) {
        attention.end();
        throw error;
      }
    },
    cancel(reason) {
      attention.end();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** The failure of a request of which nothing was heard. */
export function timedOut(ms: number): Error {
  return Object.assign(new Error(`nothing came for ${(ms / 1_000).toFixed(1)} s`), {
    name: "TimeoutError",
  });
}

/** The failure of a request that nobody waits for any more, as the client library knows it. */
export function aborted(cause: unknown): Error {
  return Object.assign(new Error("Request aborted", { cause }), { name: "AbortError" });
}

/** The failure of a connection, with the code by which the client library knows it. Source: AWS SDK for JavaScript, service-error-classification. */
export function coded(error: unknown): unknown {
  // `fetch` wraps what happened to a connection in a TypeError; a connection of one's own tells it as it is.
  const isOfConnection = error instanceof TypeError ||
    error instanceof Error && error.constructor.name in Deno.errors;
  if (!isOfConnection) return error;
  const text = messageOf(error);
  const code = /certificate|UnknownIssuer/i.test(text)
    ? "CERT_NOT_TRUSTED"
    : /dns error|failed to lookup/i.test(text)
    ? "ENOTFOUND"
    : /refused/i.test(text)
    ? "ECONNREFUSED"
    : "ECONNRESET";
  return Object.assign(new Error(text, { cause: error }), { code });
}
