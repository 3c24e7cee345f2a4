import { VaultError, type VaultProblem } from "./errors.ts";

/** An answer that is no success. */
export interface Refusal {
  /** Where the Vault is. */
  address: string;
  /** HTTP method, with LIST for lists. */
  method: string;
  /** Path without `/v1/`. */
  path: string;
  /** HTTP status code. */
  status: number;
  /** What it answered in `errors`, or as text, without secrets. */
  errors: readonly string[];
  /** Whether the request had a token. */
  hadToken: boolean;
}

interface Explanation {
  problem: VaultProblem;
  because: string;
  remedy: string;
  retryable?: boolean;
}

/**
 * How refusals are recognised: by status code and by Vault's own words; the first match wins.
 * Source: Vault, "HTTP API", HTTP status codes; sdk/helper/consts/error.go.
 */
const table: readonly [status: number, pattern: RegExp, (refusal: Refusal) => Explanation][] = [
  [503, /vault is sealed/i, () => ({
    problem: "sealed",
    because: "it is sealed",
    remedy: "unseal it with `deno task unseal-vault`",
  })],
  [0, /not (yet )?initialized/i, () => ({
    problem: "not-initialized",
    because: "it is not initialised",
    remedy: "initialise it with `deno task install-vault`",
  })],
  [0, /active cluster node not found|no active|cluster leader/i, () => ({
    problem: "no-leader",
    because: "it is a standby, and there is no leader",
    remedy:
      "look at all servers with `deno task vault-status`: unseal those that are sealed, and start those that are down; more than half of them must run",
    retryable: true,
  })],
  [0, /leadership (was )?lost|not the leader|lost leadership|leadership transfer/i, () => ({
    problem: "quorum-lost",
    because: "the leader lost touch with more than half of the servers",
    remedy: "look at all servers with `deno task vault-status`, and start those that are down",
    retryable: true,
  })],
  [307, /./, ({ errors }) => ({
    problem: "standby",
    // A standby hands requests on; only where it cannot reach the leader it says where that should be.
    because: `it is a standby, and cannot reach the leader at ${errors.join()}`,
    remedy: "see with `deno task vault-status` whether the leader runs, or ask it itself",
    retryable: true,
  })],
  [403, /invalid token|bad token/i, () => ({
    problem: "token-ended",
    because: "it does not know the token: it has expired, was revoked, or is another Vault's",
    remedy:
      "give a token that is valid now, in VAULT_TOKEN or with --token-file, or the shares with --identity",
  })],
  [403, /./, ({ method, path, hadToken }) =>
    hadToken
      ? {
        problem: "permission-denied",
        because: `the token's policies do not allow "${capabilityOf(method)}" on ${path}`,
        remedy: `use a token whose policies have the capability ${capabilityOf(method)} on ${path}`,
      }
      : {
        problem: "no-token",
        because: `${path} needs a token, and there is none`,
        remedy: "give one in VAULT_TOKEN or with --token-file, or the shares with --identity",
      }],
  [429, /./, () => ({
    problem: "rate-limited",
    because: "a rate limit quota is exceeded",
    remedy: "wait, or see which quota it is with `vault list sys/quotas/rate-limit`",
    retryable: true,
  })],
  [404, /no handler for route|route entry not found/i, ({ path }) => ({
    problem: "not-found",
    because: `nothing is mounted at ${path}`,
    remedy: "check the path; `deno task configure-vault` mounts what the platform declares",
  })],
  [400, /HTTP request to an HTTPS server/i, () => ({
    problem: "protocol",
    because: "it speaks HTTPS, and the address says http",
    remedy: "write the address with https",
  })],
  [400, /error (en|de)crypting .*transit|seal.*(unavailable|unhealthy)/i, sealUnavailable],
  [500, /error (en|de)crypting|seal.*(unavailable|unhealthy)/i, sealUnavailable],
];

/** The error for an answer that is no success. */
export function refusalOf(refusal: Refusal): VaultError {
  const { address, method, path, status, errors } = refusal;
  const said = errors.join("; ").replaceAll(/\s*\n\s*\*?\s*/g, " ").trim();
  const found = table.find(([wanted, pattern]) =>
    (wanted === 0 || wanted === status) && pattern.test(said === "" ? "-" : said)
  );
  const explained = found?.[2](refusal) ?? other(status, said);
  const { because, ...details } = explained;
  return new VaultError(`Cannot ${method} ${path} at the Vault ${address}: ${because}`, {
    ...details,
    address,
    status,
    errors,
  });
}

/** What a method needs in a policy. Source: Vault, "Policies", capabilities. */
export function capabilityOf(method: string): string {
  switch (method) {
    case "GET":
      return "read";
    case "LIST":
      return "list";
    case "DELETE":
      return "delete";
    case "PATCH":
      return "patch";
    default:
      return "create or update";
  }
}

function sealUnavailable({ errors }: Refusal): Explanation {
  return {
    problem: "seal-unavailable",
    because: `the Vault that unseals it does not answer: ${errors.join("; ")}`,
    remedy: "see to the Vault that its seal names: it must run, be unsealed and know the token",
    retryable: true,
  };
}

function other(status: number, said: string): Explanation {
  const because = `HTTP ${status}${said === "" ? "" : `: ${said}`}`;
  if (status === 404) {
    return { problem: "not-found", because, remedy: "check the path" };
  }
  if (status >= 500) {
    return {
      problem: "failed",
      because,
      remedy: "see its log for what went wrong",
      retryable: true,
    };
  }
  return { problem: "invalid", because, remedy: "mend what the message names" };
}
