import { messageOf, SlipwayError } from "../core/errors.ts";
import { ProgramFailed } from "../core/program_failed.ts";
import { PostgresError } from "./errors.ts";
import { postgresFailure } from "./failure.ts";

/** What libpq and the server say, and the code that the driver would have given. Source: PostgreSQL, Appendix A. */
const codes: readonly (readonly [RegExp, string])[] = [
  [/password authentication failed/, "28P01"],
  [/database ".*" does not exist/, "3D000"],
  [/permission denied/, "42501"],
  [/too many clients|remaining connection slots/, "53300"],
  [/the database system is (starting up|in recovery|not yet accepting)/, "57P03"],
  [/the database system is shutting down|terminating connection due to admin/, "57P01"],
  [/terminating connection due to unexpected|terminating connection because of crash/, "57P02"],
  [/lock timeout/, "55P03"],
  [/conflict with recovery/, "40001"],
  [/out of shared memory/, "53200"],
  [/invalid memory alloc request size|out of memory/, "54000"],
  [/Connection refused/, "ECONNREFUSED"],
  [/could not translate host name/, "ENOTFOUND"],
  [/timeout expired/, "ETIMEDOUT"],
  [/certificate verify failed/, "UNABLE_TO_VERIFY"],
  [/server certificate for ".*" does not match/, "ERR_TLS_CERT_ALTNAME_INVALID"],
  [
    /server closed the connection|connection to server was lost|SSL SYSCALL|could not receive data|no connection to the server/,
    "ECONNRESET",
  ],
];

/** The error for one of PostgreSQL's programs that failed; other errors are given back. */
export function programFailure(tried: string, error: unknown): unknown {
  if (!(error instanceof ProgramFailed)) return error;
  const { stderr, signal } = error.end;
  if (signal === undefined) {
    const [, code = ""] = codes.find(([words]) => words.test(stderr)) ?? [];
    const severity = /^[0-9A-Z]{5}$/.test(code) ? { severity: "ERROR" } : {};
    const said = Object.assign(new Error(stderr.trim()), { code, ...severity });
    const failure = postgresFailure(tried, said);
    if (failure.problem === "no-permission") return notPermitted(failure);
    if (failure.problem !== "failed") return failure;
  }
  return new SlipwayError(`Cannot ${tried}: ${messageOf(error)}`, {
    remedy: signal === undefined
      ? "see the server's log"
      : "see what ended it, such as the kernel for want of memory, and try again",
    cause: error,
    retryable: signal !== undefined,
  });
}

/** Programs read what the driver's callers would change. */
function notPermitted({ message, problem, sqlState, cause }: PostgresError): PostgresError {
  return new PostgresError(message, {
    problem,
    remedy:
      "grant the role what it names, or use a superuser; of large objects, only their owner or a superuser can read all",
    ...sqlState === undefined ? {} : { sqlState },
    cause,
  });
}
