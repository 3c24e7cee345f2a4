import assert from "node:assert/strict";
import { cronJobFacts } from "../../../lib/flows/schedule/cluster_facts.ts";
import { type ScheduleFacts, scheduleState } from "../../../lib/flows/schedule/state.ts";

const at = (text: string) => Temporal.Instant.from(`2026-11-${text}Z`);
const now = at("21T15:00:00");

function stateOf(changes: Partial<ScheduleFacts>) {
  const { nextRun, ...rest } = scheduleState({
    job: "dump",
    runsOn: "cluster",
    schedule: "0 */6 * * *",
    running: false,
    toleranceSeconds: 120,
    ...changes,
  }, now);
  return { ...rest, next: nextRun?.toString() };
}

const next = "2026-11-21T18:00:00Z";

Deno.test("a job whose last due run started and ended well is ready", () => {
  assert.deepEqual(stateOf({ since: at("01T00:00:00"), lastRun: at("21T12:00:00") }), {
    state: "ready",
    because: "the last run ended well",
    missed: 0,
    next,
  });
});

Deno.test("runs that should have started since the last one are missed, and counted", () => {
  assert.deepEqual(stateOf({ lastRun: at("20T12:00:00") }), {
    state: "missed",
    because: "4 runs did not start",
    missed: 4,
    next,
  });
  assert.equal(stateOf({ lastRun: at("21T06:00:00") }).because, "a run did not start");
});

Deno.test("a run that is due is not missed before its tolerance is over", () => {
  const due = (seconds: number) =>
    scheduleState({
      job: "dump",
      runsOn: "host",
      schedule: "0 15 * * *",
      lastRun: at("20T15:00:00"),
      running: false,
      toleranceSeconds: 120,
    }, now.add({ seconds })).missed;
  assert.deepEqual([due(0), due(119), due(120)], [0, 0, 1]);
});

Deno.test("a job that is new has missed nothing that was before it", () => {
  assert.deepEqual(stateOf({ since: at("21T13:00:00") }), {
    state: "waiting",
    because: "no run was due yet",
    missed: 0,
    next,
  });
});

Deno.test("a failure is told, a run that goes on counts more, and so does a missed one", () => {
  const lastRun = at("21T12:00:00");
  assert.equal(stateOf({ lastRun, failure: "timeout" }).because, "the last run failed: timeout");
  assert.equal(stateOf({ lastRun, failure: "timeout", running: true }).state, "running");
  assert.equal(stateOf({ lastRun: at("21T00:00:00"), failure: "timeout" }).state, "missed");
});

Deno.test("what is suspended does not run by decision, and what is absent does for want of it", () => {
  assert.deepEqual(stateOf({ idle: "suspended" }), {
    state: "idle",
    because: "it is suspended",
    missed: 0,
    next: undefined,
  });
  assert.equal(stateOf({ idle: "absent" }).state, "absent");
  assert.equal(stateOf({ idle: "disabled" }).state, "absent");
});

Deno.test("a CronJob failed when its last run began after the last one that ended well", () => {
  const facts = (status: Record<string, unknown>, suspend = false) =>
    cronJobFacts({ job: "dump", schedule: "0 0 * * *" }, {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "dump", namespace: "shop", creationTimestamp: "2026-11-01T00:00:00Z" },
      spec: { schedule: "0 */6 * * *", suspend },
      status,
    });
  const lastScheduleTime = "2026-11-21T12:00:00Z";
  const ended = facts({ lastScheduleTime, lastSuccessfulTime: "2026-11-21T12:01:00Z" });
  assert.equal(ended.failure, undefined);
  assert.equal(ended.schedule, "0 */6 * * *");
  const failed = facts({ lastScheduleTime, lastSuccessfulTime: "2026-11-21T06:01:00Z" });
  assert.equal(failed.failure, "its Job did not complete");
  const running = facts({ lastScheduleTime, active: [{}] });
  assert.deepEqual([running.running, running.failure], [true, undefined]);
  assert.equal(facts({}, true).idle, "suspended");
  assert.equal(cronJobFacts({ job: "dump", schedule: "0 0 * * *" }, undefined).idle, "absent");
});
