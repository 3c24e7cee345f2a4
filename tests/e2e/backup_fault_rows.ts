import {
  cuts,
  type FateOf,
  firstThen,
  kill,
  kills,
  killsBackend,
  killsTask,
  killsTaskAfter,
  nameOf,
  onPlace,
  onRequest,
  places,
  requests,
} from "./backup_fault_means.ts";
import {
  all,
  changeObject,
  cutOff,
  diskIsFull,
  flipped,
  jumps,
  onNotification,
  replaced,
  withClock,
} from "./backup_fault_surroundings.ts";
import { answers, away, faults, impatient, silent } from "./backup_fault_kinds.ts";
import { type FaultRow, runAsTask } from "./backup_fault_run.ts";
import { leaseIsTaken, outrun, turnedAway } from "./backup_fault_second.ts";

const { internalError, slowDown, expired, full, gone } = answers;

/** The object that was just written is not what was sent. */
const changes = (change: typeof cutOff): FateOf => async (world, request) => {
  await changeObject(world, nameOf(world, request), change);
};

/** Faults of backups. */
export const backupFaults: readonly FaultRow[] = [
  ...faults("backup", "SIGKILL of the task", { ends: "killed", run: runAsTask }, {
    "before the lease": { arrange: onRequest(requests.look, killsTask()) },
    "lease held": { arrange: onRequest(requests.lease, killsTaskAfter) },
    "roles": { arrange: onPlace(places.globals, kills("deno")) },
    "begin of the dump": {
      leaves: ["objects"],
      arrange: onPlace(places.dumpBegins, kills("deno")),
    },
    "middle of a table": { leaves: ["objects"], arrange: onPlace(places.table, kills("deno")) },
    "later part": {
      isLarge: true,
      leaves: ["upload", "objects"],
      arrange: onRequest(requests.laterPart, killsTask(300_000)),
    },
    "end of the upload": {
      isLarge: true,
      leaves: ["objects"],
      arrange: onRequest(requests.complete, killsTaskAfter),
    },
    "reading back": { leaves: ["objects"], arrange: onRequest(requests.readDump, killsTask()) },
    "before the record": {
      leaves: ["objects"],
      arrange: onRequest(requests.lastLook, killsTask()),
    },
    "record": { leaves: ["objects"], arrange: onRequest(requests.record, killsTask()) },
    "record written": { isDone: true, arrange: onRequest(requests.record, killsTaskAfter) },
    "pruning": {
      isDone: true,
      keep: "last=1",
      // The one that was restored stays too.
      kept: 2,
      leaves: ["removal"],
      arrange: onRequest(requests.remove, killsTaskAfter),
    },
    "notification": {
      isDone: true,
      arrange: onNotification((world) => {
        kill(world, "deno");
        return new Response();
      }),
    },
  }),
  ...faults("backup", "SIGKILL of pg_dumpall", { ends: /pg_dumpall was ended by SIGKILL/ }, {
    "roles": { arrange: onPlace(places.globals, kills("pg_dumpall")) },
  }),
  ...faults("backup", "SIGKILL of pg_dump", { ends: /pg_dump was ended by SIGKILL/ }, {
    "begin of the dump": { arrange: onPlace(places.dumpBegins, kills("pg_dump")) },
    "middle of a table": { arrange: onPlace(places.table, kills("pg_dump")) },
    "end of the dump": { arrange: replaced("pg_dump", '"$real" "$@"; kill -KILL $$') },
  }),
  ...faults("backup", "SIGKILL of the server's backend", { ends: away.ended, isFragile: true }, {
    "snapshot": { arrange: onPlace(places.snapshot, killsBackend) },
    "roles": { arrange: onPlace(places.globals, killsBackend) },
    "begin of the dump": { arrange: onPlace(places.dumpBegins, killsBackend) },
    "middle of a table": { isLarge: true, arrange: onPlace(places.largeTable, killsBackend) },
    "counting of rows": { arrange: onPlace(places.count, killsBackend) },
  }),
  ...faults("backup", "connection to the server cut", { ends: away.cut }, {
    "login": { arrange: onPlace(places.login, cuts) },
    "snapshot": { arrange: onPlace(places.snapshot, cuts) },
    "roles": { arrange: onPlace(places.globals, cuts) },
    "middle of a table": { arrange: onPlace(places.table, cuts) },
    "counting of rows": { arrange: onPlace(places.count, cuts) },
    "before the record": { ends: "absorbed", arrange: onPlace(places.snapshotEnds, cuts) },
  }),
  ...faults("backup", "500 for ever", { ends: /InternalError/, env: impatient }, {
    "before the lease": { arrange: onRequest(requests.look, internalError) },
    "clearing up": { ends: "absorbed", arrange: onRequest(requests.sweep, internalError) },
    "later part": { isLarge: true, arrange: onRequest(requests.laterPart, internalError) },
    "end of the upload": { isLarge: true, arrange: onRequest(requests.complete, internalError) },
    "reading back": { arrange: onRequest(requests.readDump, internalError) },
    "record": { leaves: ["objects"], arrange: onRequest(requests.record, internalError) },
    "pruning": {
      ends: "absorbed",
      keep: "last=1",
      // The one that was restored stays too.
      kept: 2,
      arrange: onRequest(requests.mark, internalError),
    },
  }),
  ...faults("backup", "500, twice", { ends: "absorbed" }, {
    "first part": { isLarge: true, arrange: onRequest(requests.firstPart, internalError, 2) },
    "end of the upload": { isLarge: true, arrange: onRequest(requests.complete, internalError, 2) },
    "reading back": { arrange: onRequest(requests.readDump, internalError, 2) },
    "record": { arrange: onRequest(requests.record, internalError, 2) },
  }),
  ...faults("backup", "503 with Retry-After", { ends: "absorbed" }, {
    "record": { arrange: onRequest(requests.record, slowDown(1), 1) },
  }),
  ...faults("backup", "503 with a long Retry-After", { ends: /SlowDown/ }, {
    "later part": { isLarge: true, arrange: onRequest(requests.laterPart, slowDown(3_600)) },
  }),
  ...faults("backup", "403 after expiry", { ends: /have expired/, remedy: /get new ones/ }, {
    "later part": { isLarge: true, arrange: onRequest(requests.laterPart, expired) },
    "reading back": { arrange: onRequest(requests.readDump, expired) },
    "record": { leaves: ["objects"], arrange: onRequest(requests.record, expired) },
  }),
  ...faults("backup", "connection to the store cut", {
    ends: /does not answer/,
    env: impatient,
  }, {
    "later part": { isLarge: true, arrange: onRequest(requests.laterPart, { cutAfter: 300_000 }) },
    "reading back": {
      arrange: onRequest(requests.readDump, firstThen({ cutAnswerAfter: 20_000 }, { cutAfter: 0 })),
    },
  }),
  ...faults("backup", "connection to the store cut, once", { ends: "absorbed" }, {
    "first part": {
      isLarge: true,
      arrange: onRequest(requests.firstPart, { cutAfter: 1_000_000 }, 1),
    },
    "end of the upload": {
      isLarge: true,
      arrange: onRequest(requests.complete, { cutAnswerAfter: 1 }, 1),
    },
    "reading back": { arrange: onRequest(requests.readDump, { cutAnswerAfter: 20_000 }, 1) },
    "record": { arrange: onRequest(requests.record, { cutAnswerAfter: 1 }, 1) },
  }),
  ...faults("backup", "stalled connection", { ends: /nothing came/, env: silent }, {
    "later part": {
      isLarge: true,
      arrange: onRequest(requests.laterPart, { silentAfter: 300_000 }),
    },
    "reading back": {
      arrange: onRequest(
        requests.readDump,
        firstThen({ silentAnswerAfter: 20_000 }, { silentAfter: 0 }),
      ),
    },
    "record": { leaves: ["objects"], arrange: onRequest(requests.record, { silentAfter: 0 }) },
  }),
  ...faults("backup", "truncated object", { ends: /is cut off/ }, {
    "reading back": { arrange: onRequest(requests.readDump, changes(cutOff), 1) },
  }),
  ...faults("backup", "flipped byte", { ends: /was changed/ }, {
    "reading back": { arrange: onRequest(requests.readDump, changes(flipped), 1) },
    "reading back of roles": { arrange: onRequest(requests.readGlobals, changes(flipped), 1) },
  }),
  ...faults("backup", "bucket full", { ends: /the store is full/, remedy: /make room/ }, {
    "lease": { arrange: onRequest(requests.lease, full) },
    "later part": { isLarge: true, arrange: onRequest(requests.laterPart, full) },
    "record": { leaves: ["objects"], arrange: onRequest(requests.record, full) },
  }),
  ...faults("backup", "bucket gone", { ends: /has no bucket/ }, {
    "before the lease": { arrange: onRequest(requests.look, gone) },
    "later part": { isLarge: true, arrange: onRequest(requests.laterPart, gone) },
    "record": { leaves: ["objects"], arrange: onRequest(requests.record, gone) },
  }),
  ...faults("backup", "disk full", {
    ends: /No space left/,
    remedy: /make room on that disk/,
    onDisk: true,
    run: runAsTask,
  }, {
    "lease": { arrange: diskIsFull },
    "roles": { arrange: onPlace(places.globals, diskIsFull) },
    "middle of a table": { arrange: onPlace(places.table, diskIsFull) },
    "record": { leaves: ["objects"], arrange: onPlace(places.snapshotEnds, diskIsFull) },
  }),
  ...faults("backup", "clock set", { ends: "absorbed", run: runAsTask }, {
    "middle of a table: a day back": {
      arrange: all(withClock, onPlace(places.table, jumps("-1d"))),
    },
    "inside a later part: a day on": {
      isLarge: true,
      arrange: all(withClock, onRequest(requests.laterPart, jumps("+1d"))),
    },
    "before the record: 60 days on": {
      keep: "days=30",
      arrange: all(withClock, onRequest(requests.lastLook, jumps("+60d"))),
    },
  }),
  ...faults("backup", "two runs at once", { ends: /its lease lasts until/, isDone: true }, {
    "lease": outrun(),
    "middle of a table": turnedAway(places.table, (world) => world.backUp()),
    "before the record": {
      isDone: false,
      ends: /has its lease .* now/,
      arrange: onRequest(requests.lastLook, leaseIsTaken, 1),
    },
  }),
  ...faults("backup", "nobody can be told", { ends: "absorbed" }, {
    "notification": {
      arrange: onNotification(() => new Response(null, { status: 400 })),
    },
  }),
];
