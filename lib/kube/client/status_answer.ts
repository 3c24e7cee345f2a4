import { type Status, StatusError } from "../../core/status_error.ts";

/** Longest part of an answer that a message quotes, in characters. */
const excerptLength = 300;

/** What an answer with an HTTP error code says, as far as {@linkcode statusFrom} reads it. */
export interface FailedAnswer {
  /** HTTP status code. */
  code: number;
  /** Headers. */
  headers: Headers;
  /** Body. */
  text: string;
}

/**
 * The Status in an answer. Answers of proxies and gateways, which are no Status,
 * become one whose message quotes the beginning of their text.
 */
export function statusFrom({ code, headers, text }: FailedAnswer): Status {
  const status = parseStatus(text) ?? { code, message: described(code, headers, text) };
  const asked = retryAfterSeconds(headers);
  if (asked === undefined || status.details?.retryAfterSeconds !== undefined) {
    return { ...status, code: status.code || code };
  }
  return { ...status, details: { ...status.details, retryAfterSeconds: asked } };
}

/** Whether a Status says that an eviction would break a PodDisruptionBudget. */
export function breaksBudget(status: Status): boolean {
  return status.code === 429 &&
    (status.details?.causes ?? []).some(({ reason }) => reason === "DisruptionBudget");
}

/** How long a failure asks to wait, in milliseconds; undefined when it does not. */
export function askedDelayMs(error: unknown): number | undefined {
  const seconds = error instanceof StatusError
    ? error.status.details?.retryAfterSeconds
    : undefined;
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}

/** Texts of a Warning header. Source: RFC 7234, section 5.5; API servers use code 299. */
export function warningsIn(value: string): string[] {
  return [...value.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)]
    .map(([, text]) => text!.replace(/\\(.)/g, "$1"));
}

/** The beginning of a text on one line, without HTML. */
export function excerpt(text: string): string {
  const plain = text
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length > excerptLength ? `${plain.slice(0, excerptLength)}…` : plain;
}

function parseStatus(text: string): Status | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const body = JSON.parse(text) as { kind?: unknown } & Status;
    return body.kind === "Status" ? body : undefined;
  } catch {
    return undefined;
  }
}

function described(code: number, headers: Headers, text: string): string {
  const location = headers.get("location");
  if (code >= 300 && code < 400 && location !== null) {
    return `it redirects to ${location}, which an API server does not do`;
  }
  const said = excerpt(text);
  return said === "" ? "the answer is empty" : said;
}

/** Only the form in seconds: API servers send no dates. Source: RFC 9110, section 10.2.3. */
function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get("retry-after") ?? "";
  return /^\d+$/.test(value) ? Number(value) : undefined;
}
