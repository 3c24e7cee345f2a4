import { nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import { leavesCluster, storesOf } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import { type ScheduleFacts, scheduleState } from "../schedule/state.ts";
import type { Session } from "../session.ts";
import { openPlatformStore } from "./cluster_store.ts";
import { listBackups } from "./list.ts";
import { ageText } from "./list_view.ts";
import { merged, type Recovery, recoveryOf, tellRecovery } from "./recovery.ts";
import { tellOthers } from "./others.ts";
import { hasStoreKey, openBackupStore } from "./place.ts";
import { findSources } from "./sources.ts";
import {
  type BackedUpThing,
  backedUpThings,
  type StoreLook,
  type ThingState,
  thingState,
} from "./thing_state.ts";
import { howToProve } from "./verifiers.ts";
import { warn } from "./warn.ts";

/** How long a store is waited for, in milliseconds: what else status knows is worth more than patience. */
const patienceMs = 20_000;

/**
 * Tell of each thing that the platform's jobs back up when that was last done and how large it is, when a backup of it
 * was last restored and how long that took, how long a restore of what there is now is likely to take, and how much of
 * it is lost at worst. A store that cannot be read is told of, and the others are.
 *
 * @param schedules what is known of the jobs' schedules: what no run was due for is no fault
 * @returns whether none of them is in need of somebody
 */
export async function tellBackups(
  platform: Platform,
  { client, embedded }: Pick<Session, "client" | "embedded">,
  schedules: readonly ScheduleFacts[],
  context: Context,
): Promise<boolean> {
  tellOthers(platform, context);
  const names = new Set(backedUpThings(platform, []).map(({ job }) => job.store));
  // What is rehearsed has placeholders for credentials, and its runs are nobody's backups.
  if (embedded || names.size === 0) return true;
  const looks = new Map(
    await Promise.all(
      [...names].map(async (name) => [name, await look(name, platform, client, context)] as const),
    ),
  );
  let isWell = true;
  for (const [name, found] of looks) {
    if (!("error" in found)) continue;
    const what = `the store ${name} was not read`;
    if (leavesCluster(storesOf(platform)[name])) {
      isWell = false;
      warn(what, found.error, context);
    } else {
      // From outside of the cluster nobody reaches the addresses that pods have.
      context.emit({
        type: "note",
        level: "info",
        message: `${what}: ${messageOf(found.error)}`,
        remedy:
          `from outside of the cluster, forward its port, and look by list-backups --store ${name} --endpoint`,
      });
    }
  }
  const listings = merged(
    [...looks.values()].flatMap((found) => "error" in found ? [] : found.listings),
  );
  const now = context.now();
  const states = new Map(schedules.map((facts) => [facts.job, scheduleState(facts, now)]));
  const rows = backedUpThings(platform, listings.map(({ source }) => source)).map((thing) => {
    const found = looks.get(thing.job.store)!;
    const own = new Set(thing.sources.map(nameOfSource));
    const parts = listings.filter(({ source }) => own.has(nameOfSource(source)));
    return {
      thing,
      now: "error" in found ? now : found.now,
      recovery: recoveryOf(parts, platform),
      ...thingState(thing, found, platform, states.get(thing.jobName)),
    };
  });
  context.emit({
    type: "table",
    title: "Backups",
    columns: [
      ...["What", "Job", "Store", "Last backup", "Size", "Last restored", "Restore takes"],
      ...["Lost at most", "State", "Because"],
    ],
    rows: rows.map(cellsOf),
  });
  for (const row of rows) if (!tellRow(row, context)) isWell = false;
  const warnings: Context["emit"] = (event) => {
    if (event.type !== "note" || event.level === "warning") context.emit(event);
  };
  return tellRecovery(listings, platform, { emit: warnings }) && isWell;
}

async function look(
  name: string,
  platform: Platform,
  client: Session["client"],
  context: Context,
): Promise<StoreLook> {
  const limit = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    const store = await open(name, platform, client, { ...context, signal });
    try {
      const scope = `${platform.name}-${platform.environment}`;
      const sources = await findSources(store, { scope }, { signal });
      const listings = [];
      for (const source of sources) listings.push(await listBackups(store, source, { signal }));
      return { listings, now: store.now?.() ?? context.now() };
    } finally {
      store.close?.();
    }
  } catch (error) {
    context.signal.throwIfAborted();
    if (limit.aborted) {
      const seconds = patienceMs / 1_000;
      return { error: new SlipwayError(`it gave no answer for ${seconds} s`, { cause: error }) };
    }
    if (!(error instanceof SlipwayError)) throw error;
    return { error };
  }
}

/** With the jobs' own credentials, or those of the environment for whoever may not read Secrets. */
async function open(
  name: string,
  platform: Platform,
  client: Session["client"],
  context: Context,
): Promise<Store> {
  try {
    return await openPlatformStore(name, platform, { client }, context);
  } catch (error) {
    if (!hasStoreKey(context.env) || !(error instanceof SlipwayError)) throw error;
    return await openBackupStore({ store: name }, { platform, subject: name }, context);
  }
}

interface Row extends ThingState {
  thing: BackedUpThing;
  now: Temporal.Instant;
  recovery: Recovery;
}

function cellsOf(row: Row): string[] {
  const { thing: { name, jobName, job }, now, recovery, lastAt, sizeBytes, restored } = row;
  const { time, allowedMs } = recovery;
  const point = recovery.points.find((each) => each.job === jobName);
  return [
    ...[name, jobName, job.store],
    lastAt === undefined ? "" : `${ageText(lastAt, now)} ago`,
    sizeBytes === undefined ? "" : formatBytes(sizeBytes),
    lastAt === undefined
      ? ""
      : restored === undefined
      ? "never"
      : `${ageText(restored.at, now)} ago, in ${formatDuration(restored.durationMs)}`,
    time === undefined ? "" : ofAllowed(`about ${formatDuration(time.durationMs)}`, allowedMs),
    point === undefined ? "" : ofAllowed(formatDuration(point.point.totalMs), point.allowedMs),
    row.state,
    row.because,
  ];
}

/** A time, and the shortest that an objective allows. */
function ofAllowed(text: string, allowedMs: ReadonlyMap<string, number>): string {
  return allowedMs.size === 0
    ? text
    : `${text} of ${formatDuration(Math.min(...allowedMs.values()))}`;
}

/** Returns whether the backups of a thing are in need of nobody. */
function tellRow(
  { thing: { name, kind, job, jobName }, state, because, lastAt, recovery }: Row,
  { emit }: Pick<Context, "emit">,
): boolean {
  const note = (message: string, remedy: string) => {
    emit({ type: "note", level: "warning", message, remedy });
    return false;
  };
  if (state === "late" || state === "none") {
    const how = state === "none" ? "missing" : "late";
    return note(
      `backups of ${name} by ${jobName} in the store ${job.store} are ${how}: ${because}`,
      `see how its last run ended, and run deno task ${job.task} --job ${jobName}`,
    );
  }
  // Keys of a cluster are told of by themselves, and an objective for a time tells of it too.
  const isTold = recovery.allowedMs.size > 0 || kind === "sealing-keys" ||
    job.task === "copy-backups";
  if (lastAt === undefined || isTold || recovery.time !== undefined) return true;
  return note(`no backup of ${name} was ever restored`, howToProve(kind));
}
