import { sleepFor } from "../core/retry.ts";
import type { ClickHouse } from "./client.ts";
import { ClickHouseError, readProblem } from "./errors.ts";
import { text } from "./statements.ts";

/** What ClickHouse tells of a BACKUP or RESTORE. Source: ClickHouse, system.backups. */
export interface OperationFacts {
  /** How many files it has. */
  files: number;
  /** Size of these files, in bytes. */
  filesBytes: number;
  /** Size of what is stored, in bytes. */
  storedBytes: number;
}

/** How an operation is followed. */
export interface OperationOptions {
  /** Id of the operation, which the statement has too. */
  id: string;
  /** Ends the operation. */
  signal: AbortSignal;
  /** Told how far it has come. */
  onProgress?: (facts: OperationFacts) => void;
  /** Longest wait between two looks, in milliseconds. @default 2_000 */
  maxDelayMs?: number;
}

/** States in which an operation is at its end, and whether that is a good one. */
const ends: Readonly<Record<string, boolean>> = {
  BACKUP_CREATED: true,
  RESTORED: true,
  BACKUP_FAILED: false,
  RESTORE_FAILED: false,
  BACKUP_CANCELLED: false,
  RESTORE_CANCELLED: false,
};

/** How often, one time after the other, the server may not know of the operation, or not be reached. */
const patience = { unknown: 5, unreachable: 30 };

/**
 * Start a BACKUP or RESTORE in the background, and wait until it has ended well. Where that is aborted, the server is
 * asked to end it.
 *
 * @throws {ClickHouseError} when it fails, or the server knows of it no more, as after a restart
 */
export async function runOperation(
  server: ClickHouse,
  statement: string,
  { id, signal, onProgress = () => {}, maxDelayMs = 2_000 }: OperationOptions,
): Promise<OperationFacts> {
  try {
    await server.query(statement, { signal, queryId: id, secret: true });
  } catch (error) {
    // The server may have begun although its answer was lost, or nobody waits for it any more.
    if (signal.aborted || error instanceof ClickHouseError && error.retryable) {
      await cancel(server, id);
    }
    throw error;
  }
  let [unknown, unreachable] = [0, 0];
  for (let delayMs = 20;; delayMs = Math.min(maxDelayMs, delayMs * 2)) {
    try {
      const found = await look(server, id, signal);
      unreachable = 0;
      if (found === undefined) {
        if (++unknown >= patience.unknown) throw forgotten(server, id);
      } else {
        unknown = 0;
        onProgress(found.facts);
        const good = ends[found.state];
        if (good === true) return found.facts;
        if (good === false) throw failure(server, found);
      }
      await sleepFor(delayMs, signal);
    } catch (error) {
      if (signal.aborted) {
        await cancel(server, id);
        throw error;
      }
      const again = error instanceof ClickHouseError && error.retryable;
      if (!again || ++unreachable >= patience.unreachable) throw error;
      await sleepFor(delayMs, signal);
    }
  }
}

interface Found {
  state: string;
  error: string;
  facts: OperationFacts;
}

async function look(
  server: ClickHouse,
  id: string,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const [row] = await server.query(
    `SELECT status, error, num_files, total_size, compressed_size FROM system.backups WHERE id = ${
      text(id)
    } ORDER BY start_time DESC LIMIT 1`,
    { signal },
  );
  return row === undefined ? undefined : {
    state: String(row["status"]),
    error: String(row["error"] ?? ""),
    facts: {
      files: Number(row["num_files"]),
      filesBytes: Number(row["total_size"]),
      storedBytes: Number(row["compressed_size"]),
    },
  };
}

function failure({ url }: ClickHouse, { state, error }: Found): ClickHouseError {
  const { words, problem } = readProblem(error);
  return new ClickHouseError(
    `ClickHouse at ${url} ended with ${state}${words === "" ? "" : `: ${words}`}`,
    problem === undefined ? {} : { problem },
  );
}

function forgotten({ url }: ClickHouse, id: string): ClickHouseError {
  return new ClickHouseError(`ClickHouse at ${url} does not know of the operation ${id}`, {
    remedy:
      "see whether it was restarted meanwhile, or whether several servers stand behind that name: name one of them",
  });
}

/** Servers that cannot end it go on; what they write has no record, and is no backup. */
async function cancel(server: ClickHouse, id: string): Promise<void> {
  const options = { signal: AbortSignal.timeout(5_000) };
  // Why it is to end is the failure that counts.
  await server.query(`KILL QUERY WHERE query_id = ${text(id)} ASYNC`, options).catch(() => {});
}
