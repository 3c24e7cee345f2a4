import assert from "node:assert/strict";
import { cnpgArchiveVerdict } from "../../lib/postgres/cnpg_archive.ts";

const now = Temporal.Instant.from("2026-11-21T12:00:00Z");
const day = 24 * 3_600_000;

type Window = Record<string, string>;

function verdict(
  conditions: [type: string, status: string, message?: string][],
  window: Window | undefined,
) {
  return cnpgArchiveVerdict({
    name: "main",
    cluster: {
      status: {
        conditions: conditions.map(([type, status, message = ""]) => ({ type, status, message })),
      },
    },
    store: {
      status: {
        serverRecoveryWindow: {
          other: { lastSuccessfulBackupTime: "2026-11-21T11:00:00Z" },
          ...window === undefined ? {} : { main: window },
        },
      },
    },
    baseBackupEveryMs: day,
    now,
  });
}

const archiving: [string, string] = ["ContinuousArchiving", "True"];
const fresh = {
  firstRecoverabilityPoint: "2026-11-14T01:00:00Z",
  lastSuccessfulBackupTime: "2026-11-21T01:00:00Z",
};

Deno.test("a cluster that archives and has a base backup says since when it can be restored", () => {
  const { state, because, lastBaseBackup } = verdict([archiving], fresh);
  assert.equal(state, "healthy");
  assert.equal(because, "WAL is archived; any moment since 2026-11-14 01:00 UTC can be restored");
  assert.equal(lastBaseBackup?.toString(), "2026-11-21T01:00:00Z");
});

Deno.test("a cluster whose operator says that archiving fails is failing, with its words", () => {
  const { state, because } = verdict([["ContinuousArchiving", "False", "exit status 4"]], fresh);
  assert.deepEqual([state, because], ["failing", "WAL is not archived: exit status 4"]);
});

Deno.test("WAL without a base backup restores nothing, whatever other servers have there", () => {
  const { state, because } = verdict([archiving], undefined);
  assert.equal(state, "failing");
  assert.match(because, /no base backup yet/);
});

Deno.test("a base backup that failed after the last success is told, and one before is not", () => {
  const failed = { ...fresh, lastFailedBackupTime: "2026-11-21T02:00:00Z" };
  assert.equal(verdict([archiving], failed).state, "failing");
  const healed = { ...fresh, lastFailedBackupTime: "2026-11-20T02:00:00Z" };
  assert.equal(verdict([archiving], healed).state, "healthy");
  const told = verdict([archiving, ["LastBackupSucceeded", "False", "no space"]], fresh);
  assert.match(
    told.because,
    /^the last base backup failed: no space; the last success was at 2026/,
  );
});

Deno.test("a base backup that is much older than planned is behind", () => {
  const old = { ...fresh, lastSuccessfulBackupTime: "2026-11-19T01:00:00Z" };
  const { state, because } = verdict([archiving], old);
  assert.equal(state, "behind");
  assert.match(because, /is 59 h 0 min old, and one is planned every 24 h 0 min/);
});

Deno.test("nobody knows of a cluster of which its operator says nothing", () => {
  assert.equal(verdict([["Ready", "True"]], fresh).state, "unknown");
  const nothing = { name: "main", cluster: undefined, store: undefined };
  assert.equal(cnpgArchiveVerdict({ ...nothing, baseBackupEveryMs: day, now }).state, "unknown");
});
