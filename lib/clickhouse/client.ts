import type { Redactor } from "../core/redact.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { ClickHouseError, readProblem } from "./errors.ts";

/** A row of an answer. Numbers of 64 bits come as texts. */
export type ClickHouseRow = Record<string, unknown>;

/** How a statement is sent. */
export interface StatementOptions {
  /** Ends the waiting for an answer. */
  signal: AbortSignal;
  /** Id of the query, by which it can be ended. */
  queryId?: string;
  /** Whether the statement has secrets, and is not to be kept in the server's query_log. @default false */
  secret?: boolean;
}

/** Speaks to one ClickHouse over HTTP. */
export interface ClickHouse {
  /** URL of its HTTP interface. */
  readonly url: string;
  /**
   * Send one statement; its rows.
   *
   * @throws {ClickHouseError} when it is refused, or nobody answers
   */
  query(statement: string, options: StatementOptions): Promise<ClickHouseRow[]>;
  /** Close connections. */
  close(): void;
}

/** Where a ClickHouse is, and who asks. */
export interface ClickHouseTarget {
  /** URL of its HTTP interface, such as `http://clickhouse:8123`. */
  url: string;
  /** The user. @default "default" */
  user?: string;
  /** The user's password. */
  password?: string;
  /** An authority of its certificate, in PEM, besides the public ones. */
  caCert?: string;
}

/** How long an answer may take, in milliseconds. Statements that take longer run in the background. */
const timeoutMs = 60_000;

const notClickHouse =
  "see whether a proxy answers there; wanted is the URL of ClickHouse's HTTP interface, such as http://clickhouse:8123";

/**
 * A client of the HTTP interface. Statements travel as bodies and credentials as headers, so that no log of a proxy has
 * them. Source: ClickHouse, "HTTP interface".
 *
 * @throws {UsageError} when the URL is none, or has credentials
 */
export function createClickHouse(
  { url, user = "default", password = "", caCert }: ClickHouseTarget,
  { redactor }: { redactor: Redactor },
): ClickHouse {
  const base = baseOf(url);
  if (password !== "") redactor.add(password);
  const client = Deno.createHttpClient({ caCerts: caCert === undefined ? [] : [caCert] });
  const failed = (tried: string, error: unknown) =>
    new ClickHouseError(`Cannot ${tried}: ${messageOf(error)}`, {
      retryable: true,
      remedy:
        `see whether the HTTP interface of ClickHouse, mostly port 8123, can be reached at ${base.origin} from here`,
      cause: error,
    });
  return {
    url: base.origin,
    async query(statement, { signal, queryId, secret = false }) {
      const target = new URL(base);
      const settings: Record<string, string> = {
        default_format: "JSONEachRow",
        output_format_json_quote_64bit_integers: "1",
        // The status is of the whole answer then, and not only of its first rows.
        wait_end_of_query: "1",
        ...secret ? { log_queries: "0" } : {},
        ...queryId === undefined ? {} : { query_id: queryId },
      };
      for (const [name, value] of Object.entries(settings)) target.searchParams.set(name, value);
      const tried = `ask ClickHouse at ${base.origin} to ${firstWords(statement)}`;
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      let status: number;
      let answer: string;
      try {
        const response = await fetch(target, {
          method: "POST",
          client,
          signal: deadline,
          redirect: "error",
          headers: { "X-ClickHouse-User": user, "X-ClickHouse-Key": password },
          body: statement,
        });
        [status, answer] = [response.status, await response.text()];
      } catch (error) {
        signal.throwIfAborted();
        throw failed(tried, error);
      }
      if (status !== 200) {
        const { words, problem } = readProblem(redactor.redact(answer));
        throw new ClickHouseError(`Cannot ${tried}: ${words || `HTTP ${status}`}`, {
          ...problem === undefined
            ? { retryable: status >= 500, remedy: notClickHouse }
            : { problem },
        });
      }
      try {
        return answer.trim().split("\n").filter((line) => line !== "")
          .map((line) => JSON.parse(line) as ClickHouseRow);
      } catch (error) {
        throw new ClickHouseError(`Cannot ${tried}: what answers there is no ClickHouse`, {
          remedy: notClickHouse,
          cause: error,
        });
      }
    },
    close: () => client.close(),
  };
}

function baseOf(text: string): URL {
  const url = URL.parse(text);
  // What is wrong may be that it has a password, so the text itself is not shown.
  const wrong = (because: string, remedy: string) =>
    new UsageError(`Cannot connect to ClickHouse: ${because}`, { remedy });
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw wrong(
      "its URL is none of HTTP",
      "name its HTTP interface, such as http://clickhouse:8123; port 9000 speaks another protocol",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw wrong(
      "its URL has credentials",
      "give them as CLICKHOUSE_USER and CLICKHOUSE_PASSWORD in the environment",
    );
  }
  return new URL("/", url);
}

/** What messages may show of a statement: its keyword. */
function firstWords(statement: string): string {
  const [word = ""] = statement.trimStart().split(/\s/, 1);
  return word;
}
