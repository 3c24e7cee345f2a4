import { SlipwayError } from "../core/errors.ts";
import type { ByteStream } from "../core/program.ts";
import { parseCsv } from "./csv.ts";
import { postgresFailure } from "./failure.ts";
import { programFailure } from "./program_failure.ts";
import type { SqlRow, SqlSession } from "./sql_session.ts";
import type { PostgresPrograms } from "./programs.ts";

/** What a psql session is opened with. */
export interface PsqlOptions {
  /** Name of the database. */
  database: string;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * Open a session by a psql that stays open, such as one in the server's pod. It needs psql 12 or newer.
 *
 * @throws {PostgresError} which says why the server refuses
 */
export async function openPsqlSession(
  programs: PostgresPrograms,
  { database, signal }: PsqlOptions,
): Promise<SqlSession> {
  // What ends an answer, and what stands for NULL, must not be in any value.
  const mark = `slipway-${crypto.randomUUID()}`;
  const name = `${database} at ${programs.name}`;
  const input = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const writer = input.writable.getWriter();
  const ending = new AbortController();
  const running = await programs.start("psql", {
    args: [
      "--no-psqlrc",
      "--quiet",
      "--csv",
      `--pset=null=${mark}`,
      ...programs.connect(database),
    ],
    stdin: input.readable,
    signal: AbortSignal.any([signal, ending.signal]),
  });
  const lines = readLines(running.stdout);
  let last: Promise<unknown> = Promise.resolve();
  const tell = (text: string) => writer.write(new TextEncoder().encode(text));

  async function ask(sql: string): Promise<SqlRow[]> {
    const tried = `ask the database ${name}`;
    const answer: string[] = [];
    const until = async (line: string) => {
      const found: string[] = [];
      for (;;) {
        const { value } = await lines.next();
        if (value === undefined) await failed(tried);
        else if (value.startsWith(line)) return { found, end: value.slice(line.length).trim() };
        else found.push(value);
      }
    };
    try {
      // Not awaited: a psql that has ended reads nothing, and its answer says why.
      tell(`${sql}\n;\n\\echo ${mark} :SQLSTATE\n\\echo :LAST_ERROR_MESSAGE\n\\echo ${mark} end\n`)
        .catch(() => {});
      const { found, end: code } = await until(mark);
      answer.push(...found);
      const { found: message } = await until(`${mark} end`);
      if (code !== "00000") {
        throw postgresFailure(
          tried,
          Object.assign(new Error(message.join("\n")), { code, severity: "ERROR" }),
        );
      }
    } catch (error) {
      signal.throwIfAborted();
      throw programFailure(tried, error);
    }
    return answer.length === 0 ? [] : rowsOf(`${answer.join("\n")}\n`, mark);
  }

  async function failed(tried: string): Promise<never> {
    await running.done;
    throw new SlipwayError(`Cannot ${tried}: psql ended before it answered`, { retryable: true });
  }

  const session: SqlSession = {
    name,
    query(sql) {
      const answer = last.then(() => ask(sql));
      last = answer.catch(() => {});
      return answer;
    },
    async close() {
      const closed = writer.close().catch(() => {});
      const timer = setTimeout(() => ending.abort(), 5_000);
      await Promise.allSettled([closed, running.done]);
      clearTimeout(timer);
      await lines.return(undefined);
    },
  };
  try {
    await session.query("\\encoding UTF8\nSELECT 1");
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

function rowsOf(text: string, mark: string): SqlRow[] {
  const [columns = [], ...records] = parseCsv(text);
  return records.map((record) =>
    Object.fromEntries(
      columns.map((column, at) => [column, record[at] === mark ? null : record[at] ?? null]),
    )
  );
}

/** The lines of a stream, without their ends; its failure is thrown. */
async function* readLines(stream: ByteStream): AsyncGenerator<string, void, undefined> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
