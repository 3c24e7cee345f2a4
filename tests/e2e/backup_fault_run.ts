import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { readLeases } from "../../lib/flows/backup/lease_state.ts";
import { listBackups } from "../../lib/flows/backup/list.ts";
import { folderOf } from "../../lib/backup/names.ts";
import { quotedText } from "../../lib/postgres/sql_session.ts";
import {
  type FaultGround,
  type FaultWorld,
  type FaultyEnd,
  type GoodBackup,
  openFaultWorld,
} from "./backup_fault_ground.ts";
import { processesOf } from "./backup_fault_means.ts";
import { variables } from "./backup_fault_surroundings.ts";

/** One fault at one phase of a task. */
export interface FaultRow {
  /** The task that it happens to. */
  task: "backup" | "restore";
  /** What goes wrong. */
  fault: string;
  /** When. */
  phase: string;
  /**
   * How the task ends: with an error that says this, killed, or `absorbed`: the fault happened, and the task came to
   * its end all the same.
   */
  ends: RegExp | "killed" | "absorbed";
  /** What it says can be done. */
  remedy?: RegExp;
  /** The database has so many rows that they go in several parts. @default false */
  isLarge?: boolean;
  /** The server itself ends, or roles are changed that belong to all of it. @default false */
  isFragile?: boolean;
  /** The whole of it was done already, or is, although the task failed. @default only where it is absorbed */
  isDone?: boolean;
  /** What is left until the next run, or the next sweep, clears it. @default nothing */
  leaves?: readonly ("upload" | "objects" | "database" | "removal")[];
  /** What a backup keeps of those that were there. @default all */
  keep?: string;
  /** How many are listed after the next one. @default one more than before it */
  kept?: number;
  /** How many backups are listed that cannot be used. @default 0 */
  damaged?: number;
  /** The store is a folder on a small disk. @default false */
  onDisk?: boolean;
  /** Variables that the run finds. */
  env?: Readonly<Record<string, string>>;
  /** Change the surroundings of a database of its own before its good backup is made. */
  prepare?: (world: FaultWorld) => void | Promise<void>;
  /** Set the fault up. */
  arrange: (world: FaultWorld) => void | Promise<void>;
  /** Run the task. @default in this process */
  run?: (world: FaultWorld, row: FaultRow) => Promise<FaultyEnd>;
}

/** What became of one row. */
export interface FaultOutcome {
  /** The row. */
  row: FaultRow;
  /** Exit code of its task. */
  code?: number;
  /** Why it is not as it must be. */
  error?: unknown;
}

/** How long what was ended may take to be gone, in milliseconds. */
const goneMs = 20_000;
const everyMs = 25;

/** Run a row, and look at all that must hold after it. No other row may use its lane meanwhile. */
export async function runRow(
  ground: FaultGround,
  row: FaultRow,
  { prefix, lane }: { prefix: string; lane: string },
): Promise<FaultOutcome> {
  const outcome: FaultOutcome = { row };
  const isOwn = row.prepare !== undefined;
  const name = isOwn ? prefix : `${row.isLarge ? "large" : "small"}_${lane}`;
  try {
    await using world = await openFaultWorld(ground, { ...row, name, prefix });
    try {
      await runIn(world, row, outcome);
    } finally {
      release(world);
      await world.afterRun.disposeAsync();
      // A restore has changed the database itself.
      const all = isOwn || row.task === "restore";
      for (const each of await databases(world)) {
        if (all || each !== name) await world.sql(`DROP DATABASE ${each} WITH (FORCE)`, "postgres");
      }
      if (all && !isOwn) await makeDatabase(world, row);
    }
  } catch (error) {
    outcome.error = error;
  }
  return outcome;
}

async function runIn(world: FaultWorld, row: FaultRow, outcome: FaultOutcome): Promise<void> {
  const good = await goodBackup(world, row);
  world.from = good.id;
  world.viaProxies = true;
  if (row.env !== undefined) variables(row.env)(world);
  await row.arrange(world);
  const end = await (row.run ?? runHere)(world, row);
  outcome.code = end.code;
  release(world);
  await world.afterRun.disposeAsync();
  checkEnd(world, row, end);
  await nothingRuns(world);

  const isDone = row.isDone ?? row.ends === "absorbed";
  if (row.task === "backup") await checkBackup(world, row, { good, isDone });
  else await checkRestore(world, row, { good, isDone });
}

/** Have a good backup in the row's store: one is made of each database, and every row has a copy of it. */
async function goodBackup(world: FaultWorld, row: FaultRow): Promise<GoodBackup> {
  const { name, direct, ground, sql } = world;
  const known = ground.good.get(name);
  if (known !== undefined) {
    for (const [file, bytes] of known.files) await direct.put(file, bytes);
    return known;
  }
  await sql(`CREATE DATABASE ${name} TEMPLATE small`, "postgres");
  await row.prepare?.(world);
  const before = await fingerprint(world, name);
  deepEqual(await world.backUp(), done);
  const { id } = (await listing(world)).backups[0]!.record;
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name: file } of await direct.list("")) {
    if (file.includes(`/${id}.`)) files.set(file, (await direct.get(file))!);
  }
  if (row.prepare === undefined) {
    await sql(`DROP DATABASE ${name}`, "postgres");
    await makeDatabase(world, row);
  } else await sql(later);
  const good = { id, files, before, now: await fingerprint(world, name) };
  notEqual(good.now, before);
  ground.good.set(name, good);
  return good;
}

/** What a database has after its last good backup is not what it had then. */
const later = "UPDATE kept SET text = 'later' WHERE id % 7 = 0";

async function makeDatabase({ name, sql }: FaultWorld, { isLarge }: FaultRow): Promise<void> {
  await sql(`CREATE DATABASE ${name} TEMPLATE ${isLarge ? "large" : "small"}`, "postgres");
  await sql(later, name);
}

/** Run a row's task in this process. */
export function runHere(world: FaultWorld, { task, keep }: FaultRow): Promise<FaultyEnd> {
  return task === "backup"
    ? world.backUp(keep === undefined ? {} : { keep })
    : world.restore({ replace: true, from: world.from });
}

/** Run a row's task in a process of its own. */
export function runAsTask(world: FaultWorld, { task, keep }: FaultRow): Promise<FaultyEnd> {
  return task === "backup"
    ? world.task("backup_postgres", keep === undefined ? [] : ["--keep", keep])
    : world.task("restore_postgres", ["--replace", "--from", world.from]);
}

/** Nothing goes wrong any more. */
function release(world: FaultWorld): void {
  world.viaProxies = false;
  world.s3.decide = () => "pass";
  world.pg.watch = () => {};
}

function checkEnd({ happened }: FaultWorld, row: FaultRow, end: FaultyEnd): void {
  ok(happened > 0, `the fault did not happen: exit code ${end.code}, ${end.message}`);
  const { code, message, remedy } = end;
  const said = `exit code ${code}: ${message} (${remedy})`;
  if (row.ends === "absorbed") return equal(code, 0, said);
  if (row.ends === "killed") return equal(code, 137, said);
  ok(code !== 0 && code !== 137, said);
  match(message, row.ends);
  if (row.remedy !== undefined) match(remedy, row.remedy);
}

interface Known {
  good: GoodBackup;
  isDone: boolean;
}

async function checkBackup(world: FaultWorld, row: FaultRow, { good, isDone }: Known) {
  const leaves = (what: "upload" | "objects" | "removal") => row.leaves?.includes(what) ?? false;
  const found = await listing(world);
  const ids = found.backups.map(({ record }) => record.id);
  deepEqual(found.removing, leaves("removal") ? [good.id] : []);
  const wanted = Number(isDone) + Number(!leaves("removal"));
  equal(ids.length, wanted, `listed: ${ids}`);
  equal(ids.includes(good.id), !leaves("removal"));
  equal(found.unfinished.length > 0, leaves("objects"), `unfinished: ${found.unfinished}`);
  await checkUploads(world, leaves("upload"));
  const restored = `${world.name}_restored`;
  deepEqual(await world.restore({ to: restored }), done);
  equal(await fingerprint(world, restored), isDone ? good.now : good.before);

  deepEqual(await runHere(world, row), done);
  const after = await listing(world);
  deepEqual(after.removing, []);
  equal(after.backups.length, row.kept ?? ids.length + 1);
  await leaseIsFree(world);
}

async function checkRestore(world: FaultWorld, row: FaultRow, { good, isDone }: Known) {
  const { name } = world;
  equal(await fingerprint(world, name), isDone ? good.before : good.now);
  const unfinished = async () =>
    (await databases(world)).filter((each) => each.includes("_restoring_"));
  equal((await unfinished()).length > 0, row.leaves?.includes("database") ?? false);
  const { backups, damaged } = await listing(world, row);
  ok(backups.some(({ record }) => record.id === good.id));
  equal(damaged.length, row.damaged ?? 0);
  deepEqual(await world.restore({ replace: true, from: good.id }), done);
  equal(await fingerprint(world, name), good.before);
  deepEqual(await unfinished(), []);
}

const done: FaultyEnd = { code: 0, message: "", remedy: "" };

/** All that the store has of the row. */
async function listing(world: FaultWorld, { damaged = 0 }: Partial<FaultRow> = {}) {
  const found = await listBackups(world.direct, sourceOf(world), world.context());
  equal(found.damaged.length, damaged, JSON.stringify(found.damaged));
  deepEqual(found.foreign, []);
  return found;
}

/** What the row's backups are of. */
export function sourceOf({ name }: FaultWorld) {
  return { kind: "postgres", scope: "standalone", name: "test", item: name };
}

/** All rows of a database. */
async function fingerprint(world: FaultWorld, database: string): Promise<string> {
  const [row] = await world.sql(
    `SELECT (SELECT count(*) || md5(string_agg(id || text, ',' ORDER BY id)) FROM kept) || '/' ||
      (SELECT count(*) || coalesce(md5(string_agg(md5(value), ',' ORDER BY id)), '') FROM bulk) AS all`,
    database,
  );
  return row!["all"]!;
}

async function databases(world: FaultWorld): Promise<string[]> {
  const rows = await world.sql(
    `SELECT datname AS name FROM pg_database WHERE datname ~ ${quotedText(`^${world.name}(_|$)`)}`,
    "postgres",
  );
  return rows.map(({ name }) => name!);
}

/** No process, no connection, and no session of the row is left, once what was ended has gone. */
async function nothingRuns(world: FaultWorld): Promise<void> {
  const left = async () => {
    const processes = processesOf(world).map(({ pid, name }) => `process ${pid}, ${name}`);
    const ports = world.pg.serverPorts.join(", ");
    const sessions = await world.sql(
      `SELECT pid, state, query FROM pg_stat_activity WHERE client_port IN (${ports || 0})`,
      "postgres",
    );
    return [
      ...processes,
      ...[...world.pg.open].map(({ statement }) => `a connection at ${statement}`),
      ...sessions.map((session) => `session ${JSON.stringify(session)}`),
    ];
  };
  const deadline = performance.now() + goneMs;
  for (;;) {
    const found = await left().catch((error) => [String(error)]);
    if (found.length === 0) return;
    ok(performance.now() < deadline, `still there: ${found.join("; ")}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Uploads that nobody finished are not there, or those of a killed run, which a sweep ends. */
async function checkUploads(world: FaultWorld, isLeft: boolean): Promise<void> {
  const count = async () => {
    const keys = world.s3.requests
      .filter(({ method, query }) => method === "POST" && query.has("uploads"))
      .map(({ path }) => decodeURIComponent(path).replace("/backups/", ""));
    const found = await Promise.all(
      [...new Set(keys)].map((key) => world.ground.minio.unfinished(key)),
    );
    return found.flat().length;
  };
  if (!isLeft) return equal(await count(), 0, "uploads that nobody finished");
  equal(await count(), 1);
  const tomorrow = Temporal.Now.instant().add({ hours: 24 });
  equal(await world.direct.sweep(folderOf(sourceOf(world)), tomorrow), 1);
  equal(await count(), 0);
}

async function leaseIsFree(world: FaultWorld): Promise<void> {
  const { newest } = await readLeases(world.direct, sourceOf(world), AbortSignal.timeout(goneMs));
  ok(newest?.lease?.releasedAt !== undefined, "the lease was given back");
}
