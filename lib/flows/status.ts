import type { Context } from "../core/context.ts";
import { ExitCode } from "../core/errors.ts";
import { inventoryId } from "../core/labels.ts";
import { subjectOf } from "../core/object.ts";
import { readInventory } from "../kube/inventory.ts";
import { waitUntilReady } from "../kube/wait/wait.ts";
import { tellBackups } from "./backup/status.ts";
import { tellCapacity } from "./capacity.ts";
import { simulatedTable } from "./closing.ts";
import { tellArchives } from "./postgres/wal_health.ts";
import { renderPlatform } from "./render/render.ts";
import { scheduleFacts, tellSchedules } from "./schedule/status.ts";
import { tellKeyBackup } from "./seal/key_status.ts";
import { openSession } from "./session.ts";
import { summary } from "./show.ts";
import { admittedOn } from "./embedded/simulated.ts";
import type { TargetRequest } from "./target.ts";
import { tellVaults } from "./vault/tell.ts";

/** Whose state is asked for. */
export interface StatusRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms. */
  platform: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
}

/**
 * Show what a platform has on a cluster and whether it is ready, from the inventory of the last apply.
 * The exit code is 5 when anything is not ready, nothing was applied yet, a Vault does not work, the keys that open its
 * sealed values are in no backup, WAL is not archived as it is to be, backups are late or were never restored, or a backup
 * job failed or missed a run.
 */
export async function status(request: StatusRequest, context: Context): Promise<ExitCode> {
  const rendered = await renderPlatform(request, context);
  const { platform, manifests } = rendered;
  tellCapacity(rendered, context);
  await using session = await openSession(request, platform.target, context);
  const { client, embedded } = session;
  const id = inventoryId(platform);
  const { objects: refs } = await readInventory(client, id, context);
  if (refs.length === 0) {
    context.emit({
      type: "note",
      level: "warning",
      message: `${id} has nothing on ${session.name}`,
      remedy: "bring it up with the bootstrap task",
    });
    context.emit(summary({ ready: 0, admitted: 0, waiting: 0, failed: 0 }));
    return ExitCode.differences;
  }
  const { objects, durationMs } = await waitUntilReady(client, refs, {
    signal: context.signal,
    now: context.now,
    // One look at everything: a status tells how things are, and waits for nothing.
    timeoutMs: 0,
    admitted: admittedOn(session, manifests),
  });
  const unready = objects.filter(({ state }) => state === "waiting" || state === "failed");
  const workloads = objects.filter(({ ref }) => /^(apps|batch)\//.test(ref.apiVersion));
  context.emit({
    type: "table",
    title: `${id} on ${session.name}`,
    columns: ["Object", "State", "Because"],
    rows: [...new Set([...unready, ...workloads])]
      .map(({ ref, state, because }) => [subjectOf(ref), state, because]),
  });
  // What is rehearsed is not lost when its cluster is, and its runs are nobody's backups.
  const isKept = await tellKeyBackup(platform, client, context) || embedded;
  const areOpen = await tellVaults(platform, session, request, context);
  const areArchived = await tellArchives(platform, session, context);
  const schedules = await scheduleFacts(platform, client, context);
  const areBackedUp = await tellBackups(platform, session, schedules, context);
  const areOnTime = tellSchedules(schedules, context) || embedded;
  if (embedded) context.emit(simulatedTable(manifests, session));
  const count = (wanted: string) => objects.filter(({ state }) => state === wanted).length;
  context.emit(summary({
    ready: count("ready"),
    admitted: count("admitted"),
    waiting: count("waiting"),
    failed: count("failed"),
    durationMs,
  }));
  return unready.length === 0 && isKept && areOpen && areArchived && areBackedUp && areOnTime
    ? ExitCode.done
    : ExitCode.differences;
}
