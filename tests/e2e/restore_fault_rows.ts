import {
  cuts,
  firstThen,
  kills,
  killsBackend,
  killsTask,
  onPlace,
  onRequest,
  places,
  requests,
} from "./backup_fault_means.ts";
import {
  all,
  type Arrange,
  changeObject,
  cutOff,
  diskIsFull,
  flipped,
  jumps,
  onSmallDisk,
  withClock,
} from "./backup_fault_surroundings.ts";
import { answers, away, faults, impatient, silent } from "./backup_fault_kinds.ts";
import { type FaultRow, runAsTask, sourceOf } from "./backup_fault_run.ts";
import { turnedAway } from "./backup_fault_second.ts";

const { internalError, slowDown, expired, gone } = answers;

/** A role that the database's backup has, and its server has no more. */
const withRole: Arrange = async ({ name, sql }) =>
  void await sql(`CREATE ROLE ${name}_reader; GRANT SELECT ON kept TO ${name}_reader`);
const withoutRole: Arrange = async ({ name, sql }) =>
  void await sql(`DROP OWNED BY ${name}_reader; DROP ROLE ${name}_reader`);

/** A newer backup is there, whose dump is changed in the store. */
const damagedLater = (change: typeof cutOff): Arrange => async (world) => {
  await world.backUp();
  const folder = sourceOf(world);
  const objects = await world.direct.list(`postgres/standalone/test/${folder.item}/`);
  const { name } = objects.findLast(({ name }) => name.endsWith(".dump.zst.age"))!;
  await changeObject(world, name, change);
  world.from = /([^/]+)\.dump\.zst\.age$/.exec(name)![1]!;
  world.happened++;
};

/** Faults of restores in the place of the database that was backed up. */
export const restoreFaults: readonly FaultRow[] = [
  ...faults("restore", "SIGKILL of the task", { ends: "killed", run: runAsTask }, {
    "reading": { arrange: onRequest(requests.readDump, killsTask()) },
    "data": { leaves: ["database"], arrange: onPlace(places.rows, kills("deno")) },
    "checks": { leaves: ["database"], arrange: onPlace(places.count, kills("deno")) },
    "swap": { leaves: ["database"], arrange: onPlace(places.swap, kills("deno")) },
    "swap done": { isDone: true, arrange: onPlace(places.swapped, kills("deno")) },
  }),
  ...faults("restore", "SIGKILL of pg_restore", { ends: /pg_restore was ended by SIGKILL/ }, {
    "data": { arrange: onPlace(places.rows, kills("pg_restore")) },
  }),
  ...faults("restore", "SIGKILL of the server's backend", { ends: away.ended, isFragile: true }, {
    "roles": {
      prepare: withRole,
      arrange: all(withoutRole, onPlace(places.roles, killsBackend)),
    },
    "data": { arrange: onPlace(places.rows, killsBackend) },
    "checks": { arrange: onPlace(places.count, killsBackend) },
    "swap": { arrange: onPlace(places.swap, killsBackend) },
  }),
  ...faults("restore", "connection to the server cut", { ends: away.cut }, {
    "login": { arrange: onPlace(places.login, cuts) },
    "roles": {
      isFragile: true,
      prepare: withRole,
      arrange: all(withoutRole, onPlace(places.roles, cuts)),
    },
    "data": { arrange: onPlace(places.rows, cuts) },
    "checks": { arrange: onPlace(places.count, cuts) },
    "swap": { arrange: onPlace(places.swap, cuts) },
    "swap done": { isDone: true, arrange: onPlace(places.swapped, cuts) },
  }),
  ...faults("restore", "500 for ever", { ends: /InternalError/, env: impatient }, {
    "reading": { arrange: onRequest(requests.readDump, internalError) },
  }),
  ...faults("restore", "500, twice", { ends: "absorbed" }, {
    "reading": { arrange: onRequest(requests.readDump, internalError, 2) },
  }),
  ...faults("restore", "503 with a long Retry-After", { ends: /SlowDown/ }, {
    "reading": { arrange: onRequest(requests.readDump, slowDown(3_600)) },
  }),
  ...faults("restore", "403 after expiry", { ends: /have expired/, remedy: /get new ones/ }, {
    "reading": { arrange: onRequest(requests.readDump, expired) },
  }),
  ...faults("restore", "bucket gone", { ends: /has no bucket/ }, {
    "reading": { arrange: onRequest(requests.readDump, gone) },
  }),
  ...faults("restore", "connection to the store cut", {
    ends: /does not answer/,
    env: impatient,
  }, {
    "reading": {
      arrange: onRequest(requests.readDump, firstThen({ cutAnswerAfter: 20_000 }, { cutAfter: 0 })),
    },
  }),
  ...faults("restore", "connection to the store cut, once", { ends: "absorbed" }, {
    "reading": { arrange: onRequest(requests.readDump, { cutAnswerAfter: 20_000 }, 1) },
  }),
  ...faults("restore", "stalled connection", { ends: /nothing came/, env: silent }, {
    "reading": {
      arrange: onRequest(
        requests.readDump,
        firstThen({ silentAnswerAfter: 20_000 }, { silentAfter: 0 }),
      ),
    },
  }),
  ...faults("restore", "truncated object", { ends: /bytes, wanted/, damaged: 1 }, {
    "reading": { arrange: damagedLater(cutOff) },
  }),
  ...faults("restore", "flipped byte", { ends: /was changed/ }, {
    "reading": { arrange: damagedLater(flipped) },
    "reading: on its way": {
      arrange: onRequest(requests.readDump, () => ({
        changeAnswer: (piece) => void (piece[piece.length - 1]! ^= 1),
      })),
    },
  }),
  ...faults("restore", "disk full", { ends: /No space left/, remedy: /make room/ }, {
    "data": { isFragile: true, prepare: onSmallDisk, arrange: onPlace(places.rows, diskIsFull) },
  }),
  ...faults("restore", "clock set", { ends: "absorbed", run: runAsTask }, {
    "data: a day back": { arrange: all(withClock, onPlace(places.rows, jumps("-1d"))) },
  }),
  ...faults("restore", "two runs at once", { ends: /another restore of it runs/, isDone: true }, {
    "data": turnedAway(places.rows, (world) => world.restore({ to: `${world.name}_second` })),
  }),
];
