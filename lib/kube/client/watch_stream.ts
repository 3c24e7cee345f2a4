import { SlipwayError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { formatDuration } from "../../core/units.ts";
import { ConnectionFailed } from "./connection_error.ts";
import type { OpenAnswer } from "./transport.ts";
import { linesOf } from "./watch_lines.ts";

/** One line of a watch. Source: k8s.io/apimachinery, meta/v1 WatchEvent. */
export interface WatchLine {
  /** What happened; `BOOKMARK` carries only a resourceVersion, `ERROR` a Status. */
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  /** The object. */
  object: KubeObject;
}

/** Opens the stream of a watch. */
export interface WatchOpener {
  /** URL of the API server, for messages. */
  server: string;
  /** What is watched, as messages name it. */
  tried: string;
  /** Send the request. */
  open: (resourceVersion: string, signal: AbortSignal) => Promise<OpenAnswer>;
}

/** How one stream of a watch lives. */
export interface WatchStreamOptions {
  /** Silence after which the stream counts as dead, in milliseconds. */
  idleMs: number;
  /** Ends the stream. */
  signal: AbortSignal;
  /** Called once the server has accepted the request. */
  onAnswer: () => void;
}

/**
 * One stream of a watch, from its request to its end. A server that is stopped but
 * connected stays silent, so silence of `idleMs` is an error, and its connection is given up.
 *
 * @throws {SlipwayError} when the request fails, the stream breaks, falls silent or is no watch
 */
export async function* openWatchStream(
  { server, tried, open }: WatchOpener,
  resourceVersion: string,
  { idleMs, signal, onAnswer }: WatchStreamOptions,
): AsyncGenerator<WatchLine, void, undefined> {
  const controller = new AbortController();
  let stream: OpenAnswer | undefined;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const stop = (reason: unknown) => {
    controller.abort(reason);
    // Deno's fetch forgets its signal once the Response is garbage, so the body is cancelled by hand.
    reader?.cancel(reason).catch(() => {});
  };
  const onAbort = () => stop(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  const silence = new SlipwayError(
    `Cannot ${tried} at ${server}: the server was silent for ${formatDuration(idleMs)}`,
    { remedy: "check that the API server answers", retryable: true },
  );
  let silent = false;
  const unlessSilent = async <R>(answer: Promise<R>): Promise<R> => {
    const timer = setTimeout(() => {
      silent = true;
      stop(silence);
    }, idleMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  };

  try {
    stream = await unlessSilent(open(resourceVersion, controller.signal));
    onAnswer();
    reader = stream.body.getReader();
    controller.signal.throwIfAborted();
    const nextChunk = async () => (await unlessSilent(reader!.read())).value;
    for await (const line of linesOf(nextChunk)) yield readLine(line, tried, server);
    if (silent) throw silence;
  } catch (error) {
    if (silent) throw silence;
    throw error instanceof SlipwayError || signal.aborted
      ? error
      : new ConnectionFailed(tried, server, error);
  } finally {
    signal.removeEventListener("abort", onAbort);
    controller.abort();
    await reader?.cancel().catch(() => {});
    stream?.release(silent);
  }
}

function readLine(line: string, tried: string, server: string): WatchLine {
  try {
    return JSON.parse(line) as WatchLine;
  } catch (cause) {
    throw new SlipwayError(`Cannot ${tried} at ${server}: a line of the watch is not JSON`, {
      remedy: "check that the server URL is the API server's own",
      cause,
    });
  }
}
