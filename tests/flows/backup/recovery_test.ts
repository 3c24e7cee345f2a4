import assert from "node:assert/strict";
import type { ListedBackup } from "../../../lib/backup/listing.ts";
import { tellRecovery } from "../../../lib/flows/backup/recovery.ts";
import type { BackupJob, RecoveryObjective } from "../../../lib/platform/types.ts";
import { testContext } from "../../context.ts";
import { sampleBackups, sampleJob } from "../../platform/sample_backups.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const gib = 2 ** 30;
const minute = 60_000;

interface Made {
  sizeBytes: number;
  /** How long the dump took, in minutes. @default 1 */
  took?: number;
  /** How long a restore of it took, in minutes; it was never restored when absent. */
  restored?: number;
}

/** What a store has of one database, the newest first. */
function listing(item: string, ...made: Made[]) {
  const source = { kind: "postgres", scope: "shop-test", name: "main", item };
  const backups = made.map(({ sizeBytes, took = 1, restored }, at): ListedBackup => {
    const createdAt = `2026-11-${21 - at}T03:00:00Z`;
    const record = {
      ...{ format: 1 as const, ...source, id: createdAt, createdAt, tool: "slipway 1" },
      ...{ objects: [], recipients: [], details: { sizeBytes }, durationMs: took * minute },
    };
    if (restored === undefined) return { record };
    const proof = { id: createdAt, verifiedAt: createdAt, target: "t", proof: "p" };
    return { record, verification: { ...proof, durationMs: restored * minute } };
  });
  return { source, backups };
}

function told(
  objective: RecoveryObjective,
  listings: ReturnType<typeof listing>[],
  job: Partial<BackupJob> = {},
): { kept: boolean; notes: string[] } {
  const context = testContext();
  const platform = samplePlatform({
    backups: sampleBackups({
      jobs: {
        dump: sampleJob({
          ...{ task: "backup-postgres", schedule: "0 */6 * * *", covers: ["postgres/main"] },
          ...job,
        }),
      },
      objectives: { data: { by: "dump", ...objective } },
    }),
  });
  const kept = tellRecovery(listings, platform, context);
  const notes = context.events.map((event) =>
    event.type === "note" ? `${event.level}: ${event.message}` : event.type
  );
  return { kept, notes };
}

Deno.test("the restore of a server is that of all its databases, each scaled to its size now", () => {
  const listings = [
    listing("orders", { sizeBytes: 4 * gib }, { sizeBytes: gib, restored: 20 }),
    listing("users", { sizeBytes: gib, restored: 10 }),
  ];
  assert.deepEqual(told({ recoveryTime: "2h" }, listings), {
    kept: true,
    notes: [
      "info: a restore of postgres shop-test/main is likely to take about 1 h 30 min, by the 30 min 0 s that 2 GiB took; it is 5 GiB now; within the 2 h 0 min that data allows",
    ],
  });
  const { kept, notes } = told({ recoveryTime: "1h" }, listings);
  assert.equal(kept, false);
  assert.match(notes[0] ?? "", /^warning: .* longer than the 1 h 0 min that data allows$/);
});

Deno.test("what was never restored is told where an objective relies on it", () => {
  const never = listing("users", { sizeBytes: gib });
  const { kept, notes } = told({ recoveryTime: "2h" }, [never]);
  assert.equal(kept, false);
  assert.match(
    notes[0] ?? "",
    /^warning: nobody knows how long a restore of postgres shop-test\/main/,
  );
  const restored = listing("orders", { sizeBytes: gib, restored: 10 });
  assert.match(
    told({ recoveryTime: "2h" }, [never, restored]).notes[0] ?? "",
    /main without the 1 in it that were never restored is likely to take about 10 min/,
  );
});

Deno.test("what is lost is told by how long dumps take, and not by how long they may", () => {
  const dumps = listing("orders", { sizeBytes: gib }, { sizeBytes: gib, took: 30 });
  assert.deepEqual(told({ recoveryPoint: "6h" }, [dumps]), {
    kept: false,
    notes: [
      "warning: up to 6 h 30 min of postgres shop-test/main are lost: dump runs every 6 h 0 min, and took up to 30 min 0 s; data allows 6 h 0 min",
    ],
  });
  assert.deepEqual(told({ recoveryPoint: "390m" }, [dumps]), { kept: true, notes: [] });
});

Deno.test("nothing is told of what no job of an objective makes, nor of what has no backup", () => {
  const dumps = listing("orders", { sizeBytes: gib });
  const objective = { recoveryPoint: "1h", recoveryTime: "1h" };
  const nothing = { kept: true, notes: [] };
  assert.deepEqual(told({ ...objective, by: "replicas" }, [dumps]), nothing);
  assert.deepEqual(told(objective, [dumps], { covers: ["postgres/other"] }), nothing);
  assert.deepEqual(told(objective, [listing("orders")]), nothing);
});

Deno.test("copies of one backup in several stores are restored once", () => {
  const [here, there] = [
    listing("orders", { sizeBytes: gib, restored: 20 }),
    listing("orders", { sizeBytes: gib }),
  ];
  const { notes } = told({ recoveryTime: "2h" }, [there, here]);
  assert.match(
    notes[0] ?? "",
    /likely to take about 20 min 0 s, by the 20 min 0 s that 1 GiB took;/,
  );
});
