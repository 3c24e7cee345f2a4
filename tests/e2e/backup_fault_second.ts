import { equal } from "node:assert/strict";
import { leaseName, writeLease } from "../../lib/backup/lease_file.ts";
import { readLeases } from "../../lib/flows/backup/lease_state.ts";
import type { FaultWorld, FaultyEnd } from "./backup_fault_ground.ts";
import { type FateOf, onPlace, type Place, places, requests } from "./backup_fault_means.ts";
import type { S3Fate } from "./s3_proxy.ts";
import { type FaultRow, runHere, sourceOf } from "./backup_fault_run.ts";

/** Two runs at once, of which the row's outcome is that of the one that must not come through. */
type TwoRuns = Required<Pick<FaultRow, "arrange" | "run">>;

/** A second run begins while the first one is at a place, and is turned away. */
export function turnedAway(
  place: Place,
  second: (world: FaultWorld) => Promise<FaultyEnd>,
): TwoRuns {
  const ends = new WeakMap<FaultWorld, FaultyEnd>();
  return {
    arrange: onPlace(place, async (world) => void ends.set(world, await second(world))),
    async run(world, row) {
      equal((await runHere(world, row)).code, 0, "the first run");
      return ends.get(world)!;
    },
  };
}

/** Both ask for the lease; the first one's request comes when the second one has it. */
export function outrun(): TwoRuns {
  let second: Promise<FaultyEnd> | undefined;
  const hasLease = Promise.withResolvers<void>();
  const isOver = Promise.withResolvers<void>();
  return {
    arrange(world) {
      onPlace(places.snapshot, async () => {
        hasLease.resolve();
        await isOver.promise;
      })(world);
      world.s3.decide = async (request): Promise<S3Fate> => {
        if (!requests.lease(request) || second !== undefined) return "pass";
        world.happened++;
        second = world.backUp();
        await hasLease.promise;
        return "pass";
      };
    },
    async run(world) {
      const first = await world.backUp();
      isOver.resolve();
      equal((await second)?.code, 0, "the second run");
      return first;
    },
  };
}

/** Another run takes the lease, as one does of another machine that saw no sign of life. */
export const leaseIsTaken: FateOf = async (world) => {
  const { direct } = world;
  const { signal } = world.context();
  const { newest } = await readLeases(direct, sourceOf(world), signal);
  const lease = {
    ...{ format: 1 as const, holder: "ana@other, process 4711", process: "", renewals: 0 },
    ...{ task: "backup-postgres", token: crypto.randomUUID(), ttlMs: 1 },
    takenAt: Temporal.Now.instant().toString(),
  };
  const name = leaseName(sourceOf(world), newest!.generation + 1);
  await direct.put(name, new TextEncoder().encode(writeLease(lease)), { ifAbsent: true });
};
