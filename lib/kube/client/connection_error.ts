import { messageOf, SlipwayError } from "../../core/errors.ts";

/** Why an API server could not be spoken to. */
export type ConnectionProblem =
  | "refused"
  | "unreachable"
  | "name-not-resolved"
  | "unknown-ca"
  | "server-certificate-expired"
  | "server-certificate-invalid"
  | "client-certificate-refused"
  | "protocol"
  | "closed"
  | "not-permitted"
  | "other";

/** No answer came from an API server, because the connection could not be made or broke. */
export class ConnectionFailed extends SlipwayError {
  /** URL of the API server. */
  readonly server: string;
  /** What went wrong. */
  readonly problem: ConnectionProblem;
  /** True when the server cannot have seen the request, so that any request may be repeated. */
  readonly unsent: boolean;

  /** Make an error from what was tried, such as `list Pods`, and what fetch threw. */
  constructor(tried: string, server: string, error: unknown) {
    const text = failureText(error);
    const { problem, because, remedy, retryable } = explain(text, error, server);
    super(`Cannot ${tried} at ${server}: ${because}`, { remedy, retryable, cause: error });
    this.server = server;
    this.problem = problem;
    this.unsent = text.includes("(Connect)");
  }
}

interface Explanation {
  problem: ConnectionProblem;
  because: string;
  remedy: string;
  retryable: boolean;
}

const answers = "check that the API server runs, and that this address and port are its own";

/**
 * How failures of Deno's fetch are recognised: it gives no codes, only the texts of
 * hyper, rustls and the operating system, innermost last. First match wins.
 */
const table: readonly [
  pattern: RegExp,
  problem: ConnectionProblem,
  because: (detail: string) => string,
  remedy: string,
  retryable: boolean,
][] = [
  [
    /certificate expired|not valid after/i,
    "server-certificate-expired",
    (detail) => `the server's certificate has expired (${expiredSince(detail)})`,
    "renew the server's certificate; k3s renews its own when it is restarted",
    false,
  ],
  [
    // A rebuilt cluster often has a CA of the same name: then it is the signature that does not fit.
    /UnknownIssuer|BadSignature/,
    "unknown-ca",
    () => "the server's certificate is signed by a CA that this connection does not know",
    "take certificate-authority-data from the cluster itself; if the cluster was not rebuilt, someone may stand in between",
    false,
  ],
  [
    /received fatal alert/i,
    "client-certificate-refused",
    (detail) => `the server refused the TLS handshake (${detail})`,
    "check the client certificate: which CA signed it, and when it expires",
    false,
  ],
  [
    /invalid peer certificate/i,
    "server-certificate-invalid",
    (detail) => `the server's certificate is not valid: ${detail}`,
    "use a name or address that the certificate has, or add this one to it (k3s: --tls-san)",
    false,
  ],
  [
    /InvalidContentType|corrupt message|invalid HTTP version/i,
    "protocol",
    () => "what answers there does not speak the protocol of the URL",
    "check https or http and the port in the server URL",
    false,
  ],
  [/refused/i, "refused", () => "the connection was refused", answers, true],
  [
    /Temporary failure in name resolution/i,
    "name-not-resolved",
    () => "the host name cannot be resolved at the moment",
    "check this machine's DNS",
    true,
  ],
  [
    /dns error|lookup address/i,
    "name-not-resolved",
    () => "the host name cannot be resolved",
    "check the host in the server URL, and this machine's DNS",
    false,
  ],
  [
    /unreachable|No route|timed out/i,
    "unreachable",
    (detail) => `the host cannot be reached (${detail})`,
    "check the network, VPN and firewall between here and the API server",
    true,
  ],
  [
    /reset|closed|eof|broken pipe|reading a body|GOAWAY|http2 error|SendRequest/i,
    "closed",
    () => "the connection was closed before the answer was complete",
    answers,
    true,
  ],
];

function explain(text: string, error: unknown, server: string): Explanation {
  if (error instanceof Deno.errors.NotCapable) {
    return {
      problem: "not-permitted",
      because: "this task has no permission to reach it",
      remedy: `start the task with --allow-net=${new URL(server).host}`,
      retryable: false,
    };
  }
  const detail = text.split(": ").slice(-2).join(": ");
  for (const [pattern, problem, because, remedy, retryable] of table) {
    if (pattern.test(text)) return { problem, because: because(detail), remedy, retryable };
  }
  return { problem: "other", because: text, remedy: answers, retryable: false };
}

/** fetch tells the cause in `error.cause`; its own message is only "fetch failed". */
function failureText(error: unknown): string {
  return error instanceof Error && error.cause !== undefined
    ? messageOf(error.cause)
    : messageOf(error);
}

/** rustls gives the time as Unix seconds. */
function expiredSince(detail: string): string {
  const seconds = /not valid after (\d+)/.exec(detail)?.[1];
  return seconds === undefined
    ? detail
    : `on ${new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z")}`;
}
