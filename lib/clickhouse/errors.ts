import { SlipwayError } from "../core/errors.ts";

/** ClickHouse refused a statement, or does not answer. */
export class ClickHouseError extends SlipwayError {
  /** Its name of the error, such as `UNKNOWN_DATABASE`; empty where it told none. */
  readonly problem: string;

  /** Make the error from the message and what is known of it. */
  constructor(
    message: string,
    details: { problem?: string; remedy?: string; retryable?: boolean; cause?: unknown } = {},
  ) {
    const { problem = "", ...rest } = details;
    super(message, { ...rest, remedy: rest.remedy ?? remedies[problem] });
    this.problem = problem;
  }
}

/** What can be done about what ClickHouse tells, by its name. Source: ClickHouse, src/Common/ErrorCodes.cpp. */
const remedies: Readonly<Record<string, string>> = {
  AUTHENTICATION_FAILED: "see whether CLICKHOUSE_USER and CLICKHOUSE_PASSWORD are right",
  REQUIRED_PASSWORD: "give the user's password as CLICKHOUSE_PASSWORD",
  ACCESS_DENIED:
    "let the user do it: GRANT BACKUP, SHOW, SELECT ON database.*, S3 ON *.*, SELECT ON system.backups; to restore also CREATE, INSERT and DROP",
  UNKNOWN_DATABASE: "name a database that is there",
  S3_ERROR:
    "see whether the server itself can reach the store and write to it: its requests come from where ClickHouse runs",
  REPLICA_ALREADY_EXISTS:
    "tables that are replicated under a fixed path cannot stand twice: restore into another cluster, or over what is there with --replace after its tables are dropped",
  NOT_ENOUGH_SPACE: "make room on the server's disks",
  SYNTAX_ERROR: "see whether the server is 23.3 or newer, which know these statements",
  TIMEOUT_EXCEEDED: "give the user more time by max_execution_time",
  BACKUP_NOT_FOUND: "see whether the server reaches the same store, under the same name",
  UNSUPPORTED_METHOD:
    "see whether the server reads backups of its own version only, and whether it was built with S3",
};

/** The error in what ClickHouse says: `Code: 81. DB::Exception: Database x does not exist. (UNKNOWN_DATABASE) (version …)`. */
export function readProblem(answer: string): { words: string; problem?: string } {
  const [, rest = answer] = /^Code: \d+\. DB::Exception: (.*)$/s.exec(answer.trim()) ?? [];
  const found = /^(.*?)\s*\(([A-Z][A-Z0-9_]+)\)(?:\s*\(version [^)]*\)+)?\s*$/s.exec(rest);
  return found === null
    ? { words: rest.trim() }
    : { words: found[1]!.trim().replace(/\.$/, ""), problem: found[2]! };
}
