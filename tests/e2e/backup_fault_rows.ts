import { at, kill, meet, places, requests } from "./backup_fault_means.ts";
import type { FaultRow } from "./backup_fault_run.ts";

/** Faults of backups. */
export const backupFaults: readonly FaultRow[] = [
  {
    task: "backup",
    fault: "SIGKILL of pg_dump",
    phase: "in the middle of a table",
    isLarge: true,
    ends: /pg_dump was ended by SIGKILL/,
    arrange: (world) => at(world, places.table, () => kill(world, "pg_dump")),
  },
  {
    task: "backup",
    fault: "connection to the server cut",
    phase: "in the middle of a table",
    isLarge: true,
    ends: /closed the connection/,
    arrange: (world) => at(world, places.table, (connection) => connection.cut()),
  },
  {
    task: "backup",
    fault: "SIGKILL of the task",
    phase: "inside a part",
    isLarge: true,
    ends: "killed",
    leaves: "an upload",
    arrange: (world) =>
      meet(world, requests.laterPart, () => {
        kill(world, "deno");
        return { cutAfter: 1_000_000 };
      }),
    run: (world) => world.task("backup_postgres", []),
  },
  {
    task: "backup",
    fault: "500, twice",
    phase: "first part",
    isLarge: true,
    ends: "absorbed",
    arrange: (world) =>
      meet(world, requests.firstPart, { status: 500, code: "InternalError" }, 2),
  },
  {
    task: "backup",
    fault: "403 after expiry",
    phase: "record",
    ends: /have expired/,
    remedy: /get new ones/,
    leaves: "objects without a record",
    arrange: (world) => meet(world, requests.record, { status: 403, code: "ExpiredToken" }),
  },
  {
    task: "restore",
    fault: "flipped byte",
    phase: "read",
    ends: /was changed/,
    arrange: (world) =>
      meet(world, requests.readDump, () => ({
        changeAnswer(piece) {
          piece[piece.length - 1]! ^= 1;
        },
      })),
  },
];
