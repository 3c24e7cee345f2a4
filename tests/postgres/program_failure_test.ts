import { equal, match, ok } from "node:assert/strict";
import { ProgramFailed } from "../../lib/core/program_failed.ts";
import { PostgresError, type PostgresProblem } from "../../lib/postgres/errors.ts";
import { programFailure } from "../../lib/postgres/program_failure.ts";

/** What PostgreSQL's programs print, and what is made of it. */
const cases: [problem: PostgresProblem, stderr: string][] = [
  ["wrong-password", 'connection failed: FATAL:  password authentication failed for user "x"'],
  ["wrong-password", "connection failed: fe_sendauth: no password supplied"],
  ["no-database", 'connection failed: FATAL:  database "sho p" does not exist'],
  ["no-permission", "pg_dump: error: query failed: ERROR:  permission denied for table orders"],
  ["too-many-connections", "FATAL:  sorry, too many clients already"],
  ["starting", "FATAL:  the database system is starting up"],
  ["starting", "FATAL:  terminating connection due to administrator command"],
  ["locked", "pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout"],
  ["conflict", "ERROR:  canceling statement due to conflict with recovery"],
  ["too-many-locks", "ERROR:  out of shared memory\nHINT:  You might need to increase max_locks"],
  ["too-large", "ERROR:  out of memory\nDETAIL:  Cannot enlarge string buffer containing 5 bytes"],
  ["too-large", "ERROR:  invalid memory alloc request size 1207959555"],
  ["unreachable", 'connection to server at "db" failed: Connection refused'],
  ["unreachable", "pg_dump: detail: server closed the connection unexpectedly"],
  ["name-not-resolved", 'could not translate host name "nowhere" to address: Name not known'],
  ["unknown-ca", "SSL error: certificate verify failed"],
  ["other-name", 'server certificate for "a" does not match host name "b"'],
  ["client-certificate", "FATAL:  connection requires a valid client certificate"],
  ["not-admitted", 'FATAL:  no pg_hba.conf entry for host "1.2.3.4", user "x", SSL on'],
];

for (const [problem, stderr] of cases) {
  Deno.test(`programFailure() tells ${problem} from "${stderr.slice(-50)}"`, () => {
    const error = programFailure("dump shop", failed({ exitCode: 1, stderr }));
    ok(error instanceof PostgresError);
    equal(error.problem, problem);
    match(error.message, /^Cannot dump shop: /);
    ok((error.remedy ?? "").length > 10);
  });
}

Deno.test("programFailure() says of a program that was killed what ended it, whatever it had printed", () => {
  const error = programFailure("dump shop", failed({ signal: "SIGKILL", stderr: "out of memory" }));
  match((error as Error).message, /was ended by SIGKILL/);
  equal((error as PostgresError).retryable, true);
});

Deno.test("programFailure() gives back what is no program's failure", () => {
  const error = new Error("else");
  equal(programFailure("dump shop", error), error);
});

function failed(end: { exitCode?: number; signal?: string; stderr: string }): ProgramFailed {
  return new ProgramFailed({ label: "pg_dump", ...end });
}
