import { messageOf } from "../core/errors.ts";
import { PostgresError, type PostgresProblem } from "./errors.ts";

/** What a failure is recognised by, and what is said of it. */
type Row = readonly [
  /** The server's error code, the system's, or words of the message. */
  sign: string | RegExp,
  problem: PostgresProblem,
  because: string | ((message: string) => string),
  remedy: string,
  retryable?: true,
];

const runs = "check that Postgres runs, and that host and port are its own";

/** Source: PostgreSQL, Appendix A; errno(3); Node.js, "TLS/SSL errors". The first match wins. */
const table: readonly Row[] = [
  [
    "28P01",
    "wrong-password",
    "it refuses the password, or has no such role",
    "check role and password; whoever may read the server's log finds there which of the two it is",
  ],
  [
    /client password must be a (non-empty )?string|no password supplied/,
    "wrong-password",
    "it wants a password, and none is given",
    "give it in PGPASSWORD, in a file that PGPASSFILE names, or with --password-file",
  ],
  [
    /no pg_hba\.conf entry.*no encryption/,
    "tls-required",
    (message) => `its pg_hba.conf lets nobody in without TLS: ${message}`,
    "add ?sslmode=verify-full to the database's URL, or a line to pg_hba.conf if TLS is on already elsewhere",
  ],
  [
    /no pg_hba\.conf entry|pg_hba\.conf rejects/,
    "not-admitted",
    (message) => `its pg_hba.conf does not let this role in from here: ${message}`,
    "add a line for role, database and address to pg_hba.conf and reload it, or connect from where it lets in",
  ],
  [
    /requires a valid client certificate|certificate authentication failed|client certificate/i,
    "client-certificate",
    (message) => `it wants a certificate of its clients: ${message}`,
    "name one with sslcert and sslkey in the database's URL",
  ],
  [
    /is not permitted to log in/,
    "no-login",
    (message) => message,
    "allow it with ALTER ROLE … LOGIN",
  ],
  ["28000", "not-admitted", (message) => message, "see the server's log for the reason"],
  ["3D000", "no-database", (message) => message, "name a database that exists in the URL"],
  ["42704", "no-role", (message) => message, "name a role that exists with --role, or create it"],
  [
    "42501",
    "no-permission",
    (message) => message,
    "name a superuser, or a role with CREATEROLE and the ADMIN option, with --admin",
  ],
  [
    "25006",
    "read-only",
    "it is a standby, which takes no changes",
    "name the primary in the database's URL",
  ],
  [
    "53300",
    "too-many-connections",
    "it has as many connections as it may have",
    "try again when some are closed, or raise max_connections",
    true,
  ],
  ["57P03", "starting", "it is starting, or recovering", "try again in a moment", true],
  [/^57P0/, "starting", "it is being shut down", runs, true],
  [
    "55P03",
    "locked",
    (message) => `another session holds a lock for too long: ${message}`,
    "try again when it has ended; pg_stat_activity and pg_locks show who it is",
    true,
  ],
  [
    "40001",
    "conflict",
    (message) => `a standby takes back what is read for too long: ${message}`,
    "read from the primary; or set hot_standby_feedback, or a longer max_standby_streaming_delay, on the standby",
    true,
  ],
  [
    "53200",
    "too-many-locks",
    "it has no room for a lock on each table",
    "raise max_locks_per_transaction there, so that times max_connections it is twice the number of tables, and restart it",
  ],
  [
    "54000",
    "too-large",
    (message) =>
      `a row does not fit into 1 GB as text, or the server has too little memory: ${message}`,
    "split the value, or keep it as a large object; bytea is written as two digits a byte",
  ],
  ["ECONNREFUSED", "unreachable", "the connection was refused", runs, true],
  [
    "ENOTFOUND",
    "name-not-resolved",
    "the host name cannot be resolved",
    "name a host that is known here; for one inside the cluster forward a port: kubectl port-forward service/… 5432",
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/,
    "unreachable",
    "the host cannot be reached",
    "check the network, VPN and firewall between here and Postgres",
    true,
  ],
  [
    /timeout expired/,
    "timed-out",
    "it does not answer in time",
    "check the network, VPN and firewall between here and Postgres",
    true,
  ],
  [
    /does not support SSL/,
    "tls-refused",
    "it has TLS turned off",
    "turn it on there; or, where nobody can stand in between, add ?sslmode=disable to the database's URL",
  ],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "other-name",
    (message) => `its certificate is for other names: ${message.split(": ").slice(1).join(": ")}`,
    "use a name that the certificate has, or say which it is for with sslservername in the database's URL",
  ],
  [
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)|UnknownIssuer|BadSignature/,
    "unknown-ca",
    "its certificate is signed by an authority that is not trusted",
    "name the authority's certificate with sslrootcert in the database's URL",
  ],
  [
    /^CERT_|certificate.*expired|invalid peer certificate/i,
    "certificate-invalid",
    (message) => `its certificate is not valid: ${message}`,
    "renew it, or set the clocks right",
  ],
  [
    /^(ECONNRESET|EPIPE)$|terminated unexpectedly|Connection ended/,
    "unreachable",
    "the connection was closed",
    runs,
    true,
  ],
];

/** The error for what the driver threw. The server's own words name roles and databases, never passwords. */
export function postgresFailure(tried: string, error: unknown): PostgresError {
  const { code = "", severity } = (error ?? {}) as { code?: string; severity?: string };
  const words = messageOf(error);
  const row = table.find(([sign]) =>
    typeof sign === "string" ? sign === code : sign.test(code) || sign.test(words)
  );
  const [, problem, because, remedy, retryable] = row ?? [
    "",
    "failed",
    words,
    "see the server's log",
  ] satisfies Row;
  return new PostgresError(
    `Cannot ${tried}: ${typeof because === "string" ? because : because(words)}`,
    {
      problem,
      remedy,
      retryable,
      cause: error,
      ...(severity === undefined ? {} : { sqlState: code }),
    },
  );
}
