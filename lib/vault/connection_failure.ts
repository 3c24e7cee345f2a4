import { messageOf } from "../core/errors.ts";
import { VaultError, type VaultProblem } from "./errors.ts";

type Row = readonly [
  pattern: RegExp,
  problem: VaultProblem,
  because: (text: string) => string,
  remedy: string,
  retryable?: true,
];

const runs = "check that Vault runs, and that this address and port are its own";

/** How failures of Deno's fetch are recognised, by the texts of hyper, rustls and the system; the first match wins. */
const table: readonly Row[] = [
  [
    /certificate expired|not valid after/i,
    "certificate-expired",
    (text) => `its certificate has expired${at(text, /not valid after (\d+)/)}`,
    "renew its certificate with `deno task install-vault`; if it was renewed already, set this machine's clock",
  ],
  [
    /not valid yet|not valid until/i,
    "certificate-not-yet-valid",
    (text) =>
      `its certificate is not valid yet${
        at(text, /not valid until (\d+)/)
      }: the clock here or the one where it was made is wrong`,
    "set the clocks of this machine and of Vault's by NTP",
  ],
  [
    /NotValidForName|not valid for name/i,
    "other-name",
    (text) => `its certificate is for other names${names(text)}`,
    "use a name or address that the certificate has, or have one made for this name",
  ],
  [
    /UnknownIssuer|BadSignature/,
    "unknown-ca",
    () => "its certificate is signed by an authority that is not trusted",
    "give the authority's certificate with --ca-cert or VAULT_CACERT; if Vault was not installed anew, someone may stand in between",
  ],
  [
    /invalid peer certificate/i,
    "certificate-invalid",
    (text) => `its certificate is not valid: ${text.split("invalid peer certificate: ").at(-1)}`,
    "have its certificate made again with `deno task install-vault`",
  ],
  [
    /InvalidContentType|corrupt message|invalid HTTP version|received fatal alert/i,
    "protocol",
    () => "what answers there does not speak the protocol of the URL",
    "check http or https, and the port, in the address",
  ],
  [/refused/i, "unreachable", () => "the connection was refused", runs, true],
  [
    /dns error|lookup address|name resolution/i,
    "name-not-resolved",
    () => "the host name cannot be resolved",
    "check the host in the address, and this machine's DNS",
  ],
  [
    /unreachable|No route|timed out/i,
    "unreachable",
    () => "the host cannot be reached",
    "check the network, VPN and firewall between here and Vault",
    true,
  ],
  [
    /reset|closed|eof|broken pipe|reading a body|GOAWAY|http2 error|SendRequest/i,
    "unreachable",
    () => "the connection was closed before the answer was complete",
    runs,
    true,
  ],
];

/** The error for a request that got no answer, from what fetch threw. */
export function connectionFailure(tried: string, address: string, error: unknown): VaultError {
  const text = error instanceof Error && error.cause !== undefined
    ? messageOf(error.cause)
    : messageOf(error);
  const message = (because: string) => `Cannot ${tried} at the Vault ${address}: ${because}`;
  if (error instanceof Deno.errors.NotCapable) {
    return new VaultError(message("this task has no permission to reach it"), {
      problem: "not-permitted",
      address,
      remedy: `start the task with --allow-net=${new URL(address).host}`,
    });
  }
  const row = table.find(([pattern]) => pattern.test(text));
  const [, problem, because, remedy, retryable] = row ??
    ([/./, "unreachable", () => text, runs] satisfies Row);
  return new VaultError(message(because(text)), {
    problem,
    address,
    remedy,
    retryable,
    unsent: text.includes("(Connect)"),
    cause: error,
  });
}

/** rustls gives times as Unix seconds. */
function at(text: string, pattern: RegExp): string {
  const seconds = pattern.exec(text)?.[1];
  if (seconds === undefined) return "";
  const time = Temporal.Instant.fromEpochMilliseconds(Number(seconds) * 1000);
  return ` (${pattern.source.includes("until") ? "from" : "at"} ${time})`;
}

function names(text: string): string {
  const found = /only valid for (.*)$/i.exec(text)?.[1];
  return found === undefined ? "" : `: ${found}`;
}
