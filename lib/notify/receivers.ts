import { send, type SendOptions } from "./send.ts";

/** Longest body of a ping, in bytes: more would be cut off there. Source: healthchecks.io, "Attaching logs", 100 kB. */
const longestPing = 100_000;
/** Longest text of a message, in characters. Source: Slack, "Truncating content", 4,000 wanted, 40,000 at most. */
const longestMessage = 4_000;

/** What a ping tells. */
export interface Ping {
  /** That a run begins, was good, or was not. */
  state: "start" | "success" | "fail";
  /** UUID of the run, by which its pings belong together. */
  runId: string;
  /** Its last lines. */
  text: string;
}

/**
 * Ping a check: at the start, after success, and after failure.
 * Source: healthchecks.io, "Pinging API" (slug or UUID URLs, `/start`, `/fail`, `rid`).
 *
 * @throws {NotTold} when nobody took it
 */
export async function ping(
  url: string,
  { state, runId, text }: Ping,
  options: SendOptions,
): Promise<void> {
  const target = new URL(url);
  if (state !== "success") target.pathname = `${target.pathname.replace(/\/+$/, "")}/${state}`;
  target.searchParams.set("rid", runId);
  await send({
    url: target.href,
    receiver: "the check",
    contentType: "text/plain; charset=utf-8",
    body: shortened(text, longestPing),
  }, options);
}

/**
 * Send JSON to a webhook.
 *
 * @throws {NotTold} when nobody took it
 */
export async function postJson(url: string, value: unknown, options: SendOptions): Promise<void> {
  await send({
    url,
    receiver: "the webhook",
    contentType: "application/json",
    body: JSON.stringify(value),
  }, options);
}

/**
 * Send a text to an incoming webhook of Slack, or of what understands it (Mattermost, Rocket.Chat, Discord with /slack).
 * Source: Slack, "Sending messages using incoming webhooks" and "Formatting text for app surfaces".
 *
 * @throws {NotTold} when nobody took it
 */
export async function postToSlack(url: string, text: string, options: SendOptions): Promise<void> {
  const escaped = shortened(text, longestMessage)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  await send({
    url,
    receiver: "Slack",
    contentType: "application/json",
    body: JSON.stringify({ text: escaped }),
  }, options);
}

function shortened(text: string, longest: number): string {
  const letters = Array.from(text);
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join("")}…`;
}
