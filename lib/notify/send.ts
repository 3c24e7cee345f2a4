import { SlipwayError } from "../core/errors.ts";
import { retry } from "../core/retry.ts";

/** A request that tells somebody something. */
export interface Notification {
  /** Where to; whoever knows the URL may speak there, so no message has more of it than its origin. */
  url: string;
  /** What messages call the receiver, such as `the webhook`. */
  receiver: string;
  /** Media type of the body. */
  contentType: string;
  /** The body. */
  body: string;
}

/** How patiently a notification is sent. */
export interface SendOptions {
  /** Ends the sending. */
  signal: AbortSignal;
  /** A random number in [0, 1), for jitter. */
  random: () => number;
  /** Longest time that one try may take, in milliseconds. @default 10_000 */
  timeoutMs?: number;
  /** Tries in all. @default 3 */
  attempts?: number;
}

/** Somebody could not be told something. */
export class NotTold extends SlipwayError {
  /** How long the receiver asks to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  /** Make the error from its message and what else is known. */
  constructor(
    message: string,
    details: { remedy: string; retryable: boolean; retryAfterMs?: number },
  ) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** No receiver is waited for longer than this when it asks for patience, in milliseconds. */
const longestWaitMs = 10_000;

/**
 * Send a notification, and again where that may help: no answer, 429, 5xx.
 *
 * @throws {NotTold} when nobody took it
 */
export async function send(
  notification: Notification,
  { signal, random, timeoutMs = 10_000, attempts = 3 }: SendOptions,
): Promise<void> {
  await retry(() => sendOnce(notification, { signal, timeoutMs }), {
    attempts,
    firstDelayMs: 500,
    signal,
    random,
    delayAsked: (error) => error instanceof NotTold ? error.retryAfterMs : undefined,
  });
}

async function sendOnce(
  { url, receiver, contentType, body }: Notification,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<void> {
  const place = `${receiver} at ${new URL(url).origin}`;
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": contentType, "user-agent": "slipway" },
      body,
      // Who is sent elsewhere may be sent to somebody who should not know.
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
  } catch (error) {
    signal.throwIfAborted();
    throw new NotTold(
      timeout.aborted
        ? `Cannot tell ${place}: no answer within ${timeoutMs / 1_000} s`
        : `Cannot tell ${place}: ${connectionFault(error, url)}`,
      { remedy: "see that it runs and is reachable from here", retryable: true },
    );
  }
  if (response.ok) return;
  const { status } = response;
  const retryAfterMs = waitAsked(response.headers.get("retry-after"));
  throw new NotTold(`Cannot tell ${place}: it answered ${status} ${response.statusText}`.trim(), {
    remedy: status === 429 || status >= 500
      ? "see how it is; the next run tells it again"
      : "correct its URL: this one is not, or no longer, taken there",
    retryable: status === 429 || status >= 500,
    ...retryAfterMs === undefined ? {} : { retryAfterMs },
  });
}

/** What went wrong, without the URL, which the runtime's message quotes. */
function connectionFault(error: unknown, url: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const { href, origin } = new URL(url);
  return message.replaceAll(href, origin).replaceAll(url, origin);
}

/** Source: RFC 9110, section 10.2.3, in seconds; a date is not waited for. */
function waitAsked(header: string | null): number | undefined {
  if (header === null || !/^\d+$/.test(header)) return undefined;
  return Math.min(Number(header) * 1_000, longestWaitMs);
}
