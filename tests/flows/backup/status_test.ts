import assert from "node:assert/strict";
import type { BackupListing } from "../../../lib/backup/listing.ts";
import type { BackupSource } from "../../../lib/backup/names.ts";
import type { BackupRecord } from "../../../lib/backup/record.ts";
import type { KubeObject, ObjectRef } from "../../../lib/core/object.ts";
import { tellBackups } from "../../../lib/flows/backup/status.ts";
import {
  backedUpThings,
  type StoreLook,
  type ThingState,
  thingState,
} from "../../../lib/flows/backup/thing_state.ts";
import type { ScheduleState } from "../../../lib/flows/schedule/state.ts";
import type { Session } from "../../../lib/flows/session.ts";
import { freePort } from "../../../lib/local/ports.ts";
import type { BackupJob } from "../../../lib/platform/types.ts";
import { testContext } from "../../context.ts";
import { sampleBackups, sampleJob, sampleStore } from "../../platform/sample_backups.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const now = Temporal.Instant.from("2026-11-21T12:00:00Z");
const scope = "shop-test";
const source = (item: string): BackupSource => ({ kind: "postgres", scope, name: "main", item });

/** What a store has of a database: backups of so many hours ago, the newest first. */
function listing(
  item: string,
  hoursAgo: readonly number[],
  { restored = true }: { restored?: boolean } = {},
): BackupListing {
  const measure = { sizeBytes: 1024, sha256: "0".repeat(64) };
  const backups = hoursAgo.map((hours) => {
    const createdAt = now.subtract({ minutes: hours * 60 }).toString();
    const record: BackupRecord = {
      ...{ format: 1, ...source(item), id: createdAt, createdAt, durationMs: 60_000, tool: "t" },
      ...{ objects: [{ suffix: "dump", plain: measure, stored: measure }], recipients: [] },
      details: {},
    };
    const proof = { id: createdAt, verifiedAt: createdAt, target: "t", proof: "p" };
    return { record, ...restored ? { verification: { ...proof, durationMs: 2_000 } } : {} };
  });
  return {
    ...{ source: source(item), backups, damaged: [], unfinished: [], removing: [], foreign: [] },
  };
}

const dump = (changes: Partial<BackupJob> = {}) =>
  sampleJob({
    ...{ task: "backup-postgres", schedule: "0 */6 * * *", covers: ["postgres/main"], ...changes },
  });

const platformWith = (jobs: Record<string, BackupJob>) =>
  samplePlatform({
    backups: sampleBackups({
      stores: { minio: sampleStore(), offsite: sampleStore({ onThisCluster: undefined }) },
      jobs,
    }),
  });

/** How the backups of the first thing of a job stand, where its store has these. */
function stateOf(
  listings: readonly BackupListing[],
  { job = dump(), schedule, jobName = "dump" }: {
    job?: BackupJob;
    schedule?: ScheduleState["state"];
    jobName?: string;
  } = {},
): ThingState & { name: string } {
  const platform = platformWith({ dump: dump(), [jobName]: job });
  const things = backedUpThings(platform, listings.map(({ source }) => source));
  const thing = things.find((each) => each.jobName === jobName)!;
  const look: StoreLook = { listings, now };
  const state = thingState(thing, look, platform, schedule && { state: schedule });
  return { ...state, name: thing.name };
}

Deno.test("backups are ready until a whole run of their job is missing", () => {
  const { state, name, restored, sizeBytes } = stateOf([listing("a", [1, 7]), listing("b", [1])]);
  assert.deepEqual([state, name, sizeBytes], ["ready", "postgres main (2)", 2048]);
  assert.deepEqual(restored, { at: now.subtract({ hours: 1 }), durationMs: 4_000 });
  assert.equal(stateOf([listing("a", [7])]).state, "ready");
  const late = stateOf([listing("a", [7.5, 100])]);
  assert.deepEqual([late.state, late.because], ["late", "older than 7 h 0 min"]);
});

Deno.test("one database that was left out is late where it is named, and else told", () => {
  const listings = [listing("a", [1]), listing("b", [50])];
  const unnamed = stateOf(listings);
  assert.deepEqual([unnamed.state, unnamed.because], [
    ...["ready", "b last 2 days ago, as if it were gone"],
  ]);
  assert.equal(unnamed.sizeBytes, 1024);
  const named = stateOf(listings, { job: dump({ databases: ["a", "b"] }) });
  assert.deepEqual([named.state, named.because], ["late", "b last 2 days ago"]);
});

Deno.test("nothing is missing before the first run, nor where the job was told not to run", () => {
  assert.deepEqual(stateOf([]), {
    ...{ state: "none", because: "there is none", name: "postgres/main" },
  });
  assert.equal(stateOf([], { schedule: "waiting" }).state, "waiting");
  assert.equal(stateOf([listing("a", [90])], { schedule: "idle" }).state, "idle");
  const damaged = { ...listing("a", []), damaged: [{ id: "x", because: "cut off" }] };
  assert.equal(stateOf([damaged]).because, "1 damaged, and none that is whole");
});

Deno.test("parts that were never restored leave the thing so", () => {
  const listings = [listing("a", [1]), listing("b", [1], { restored: false })];
  assert.equal(stateOf(listings).restored, undefined);
});

Deno.test("copies are late when a run of the copying is missing too", () => {
  const job = dump({ task: "copy-backups", from: "minio", store: "offsite" });
  const of = (hours: number) => stateOf([listing("a", [hours])], { job, jobName: "copy" });
  assert.deepEqual([of(13.5).state, of(13.5).name], ["ready", "postgres main/a"]);
  assert.equal(of(14.5).state, "late");
});

/** A cluster on which the Secret of the store is. */
const client = {
  get: <T extends KubeObject>({ kind }: ObjectRef) => {
    const data = { AWS_ACCESS_KEY_ID: btoa("key"), AWS_SECRET_ACCESS_KEY: btoa("the-secret") };
    return Promise.resolve(kind === "Secret" ? { data } as unknown as T : undefined);
  },
} as unknown as Session["client"];

Deno.test("tellBackups() says when a store cannot be reached, and what of it is not known", async () => {
  const endpoint = `http://127.0.0.1:${freePort()}`;
  const platform = samplePlatform({
    backups: sampleBackups({
      stores: {
        minio: sampleStore({ endpoint }),
        offsite: sampleStore({ onThisCluster: undefined, endpoint }),
      },
      jobs: { near: dump(), far: dump({ store: "offsite" }) },
    }),
  });
  const context = testContext({
    now: () => now,
    env: (name) => name === "SLIPWAY_STORE_RETRY_SECONDS" ? "0.001" : undefined,
  });
  assert.equal(await tellBackups(platform, { client, embedded: false }, [], context), false);
  const table = context.events.find((event) => event.type === "table")!;
  assert.deepEqual(table.rows.map((row) => [row[0], row[1], row[8], row[9]]), [
    ["postgres/main", "near", "unknown", "the store minio was not read"],
    ["postgres/main", "far", "unknown", "the store offsite was not read"],
  ]);
  assert.match(JSON.stringify(context.events), /the store minio was not read: .*127\.0\.0\.1/);
  const near = { ...platform, backups: { ...platform.backups!, jobs: { near: dump() } } };
  assert.equal(await tellBackups(near, { client, embedded: false }, [], context), true);
});

Deno.test("tellBackups() asks no store of the embedded cluster, whose credentials are placeholders", async () => {
  const context = testContext();
  const platform = platformWith({ dump: dump() });
  assert.equal(await tellBackups(platform, { client, embedded: true }, [], context), true);
  assert.deepEqual(context.events, []);
});
