import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, UsageError } from "../../core/errors.ts";
import { inventoryId } from "../../core/labels.ts";
import { subjectOf } from "../../core/object.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import type { Platform } from "../../platform/types.ts";
import { renderPlatform } from "../render/render.ts";
import { openSession, type Session } from "../session.ts";
import { summary } from "../show.ts";
import type { TargetRequest } from "../target.ts";
import { underLease } from "../under_lease.ts";
import { externalSecretRef, syncNow } from "./deliver.ts";
import { restartReason, restartUsers, usersOfAll } from "./restart_users.ts";
import type { ValueReader } from "./source.ts";

/** What is to be synced. */
export interface SyncRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms. */
  platform: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Names of ExternalSecrets; all of the platform's when there is none. */
  names: readonly string[];
  /** Only restart what is older than its Secrets; read no source. */
  restartOnly?: boolean;
  /** Restart what is older than its Secrets afterwards. @default true */
  restart?: boolean;
  /** Show what would be restarted, and change nothing. */
  dryRun?: boolean;
}

/**
 * Have External Secrets read its sources now, and restart the workloads that run with older values. Run again, it
 * restarts nothing.
 *
 * @throws {UsageError} when the platform has no such ExternalSecret
 */
export async function syncSecrets(request: SyncRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  const { platform } = await renderPlatform(request, context);
  const readers = readersOf(platform, request.names);
  await using session = await openSession(request, platform.target, context);
  const figures = { synced: 0, restarted: 0 };
  try {
    if (!request.dryRun && !request.restartOnly) {
      await step(
        context,
        "Read the sources of secrets",
        async (progress) => {
          await mapConcurrently(readers, 4, async (reader) => {
            await syncNow(session.client, reader, context);
            const subject = subjectOf(externalSecretRef(reader));
            context.emit({ type: "wait", subject, state: "ready", because: "synced" });
            progress("secrets synced", ++figures.synced, readers.length);
          });
        },
        () => `${figures.synced} synced`,
      );
    }
    if (request.restart === false) return ExitCode.done;
    const outdated = await showOutdated(session, readers, context);
    if (request.dryRun) return outdated === 0 ? ExitCode.done : ExitCode.differences;
    if (outdated === 0) return ExitCode.done;
    await confirmRestart(session, outdated, context);
    await underLease(session.client, inventoryId(platform), context, async (held) => {
      const restarted = await step(
        held,
        "Restart what is older than its Secrets",
        () => restartUsers(session.client, { secrets: readers }, held),
      );
      figures.restarted = restarted.length;
    });
    return ExitCode.done;
  } finally {
    context.emit(summary({ ...figures, durationMs: elapsedMs(startedAt, context) }));
  }
}

async function showOutdated(
  { client }: Session,
  readers: readonly ValueReader[],
  context: Context,
): Promise<number> {
  const outdated = (await usersOfAll(client, { secrets: readers }, context))
    .filter(({ outdatedPods }) => outdatedPods > 0);
  for (const { ref, outdatedPods } of outdated) {
    context.emit({
      type: "change",
      phase: "plan",
      action: "configured",
      subject: subjectOf(ref),
      because: restartReason(outdatedPods),
    });
  }
  return outdated.length;
}

async function confirmRestart(session: Session, count: number, context: Context): Promise<void> {
  if (session.embedded) return;
  const what = count === 1 ? "1 workload" : `${count} workloads`;
  if (await context.confirm(`Restart ${what} on ${session.name}?`)) return;
  throw new Interrupted("Nothing was restarted: the plan was declined");
}

function readersOf(
  { name: platform, externalSecrets }: Platform,
  names: readonly string[],
): ValueReader[] {
  const all = Object.keys(externalSecrets);
  const unknown = names.find((name) => externalSecrets[name] === undefined);
  if (unknown !== undefined || all.length === 0) {
    throw new UsageError(
      unknown === undefined
        ? `The platform ${platform} has no external secrets`
        : `The platform ${platform} has no external secret "${unknown}"`,
      { remedy: all.length === 0 ? "name another platform" : `name one of ${all.join(", ")}` },
    );
  }
  return (names.length === 0 ? all : names)
    .map((name) => ({ name, namespace: externalSecrets[name]!.namespace }));
}
