import type { Context } from "../../core/context.ts";
import { ExitCode, Interrupted, SlipwayError, UsageError } from "../../core/errors.ts";
import { inventoryId } from "../../core/labels.ts";
import { subjectOf } from "../../core/object.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { renderPlatform } from "../render/render.ts";
import type { Session } from "../session.ts";
import { summary } from "../show.ts";
import { underLease } from "../under_lease.ts";
import { openVault, type VaultRequest } from "../vault/open.ts";
import { type TokenRequest, withVaultToken } from "../vault/token.ts";
import { carryOut, type VersionedSecret } from "./carry_out.ts";
import { type DatabaseRequest, openDatabase } from "./database.ts";
import { journalIn, type RotationJournal } from "./journal.ts";
import { newValue, type NewValueRequest } from "./new_value.ts";
import { nameOfPlace, placesOf, readPresent, type Rotation } from "./places.ts";
import { usersOfAll } from "./restart_users.ts";
import { sourceOfValue, type ValueSource } from "./source.ts";

/** What is to be rotated, and how. */
export interface RotateRequest
  extends VaultRequest, TokenRequest, DatabaseRequest, NewValueRequest {
  /** Name of an ExternalSecret of the platform. */
  externalSecret: string;
  /** Key of its Secret. */
  key: string;
  /** It is no password of a database: change it in Vault alone. */
  valueOnly?: boolean;
  /** Show what would be done, and change nothing. */
  dryRun?: boolean;
}

/**
 * Give a value that External Secrets delivers another one, everywhere: in Vault, in the database whose password it is,
 * in the Secrets, and in the workloads that read them. If a step fails, everything is put back. One that was cut off
 * is brought to its end by the next run.
 *
 * @throws {SlipwayError} when it was put back, or is half done, with the cause
 */
export async function rotateSecret(request: RotateRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  const { database, valueOnly = false } = request;
  if ((database === undefined) !== valueOnly) {
    throw new UsageError(
      database === undefined
        ? "Cannot rotate a value without knowing what takes it: no --database is named"
        : "Cannot rotate a password with both --database and --value-only",
      {
        remedy:
          "name the database of a password with --database, or say with --value-only that no database has it",
      },
    );
  }
  const { platform } = await renderPlatform(request, context);
  const source = sourceOfValue(platform, request.externalSecret, request.key);
  await using open = await openVault({ ...request, vault: source.vault }, context);
  return await withVaultToken(open, request, context, async (vault) => {
    const secret = await readPresent(vault, source, context.signal);
    const underWay = journalUnderWay(secret, source, context);
    const old = underWay?.old ?? valueIn(secret, source);
    context.redactor.add(old);
    if (underWay !== undefined) context.redactor.add(underWay.new);
    const passwords = underWay === undefined ? [old] : [underWay.new, underWay.old];
    const role = database === undefined
      ? undefined
      : await openDatabase({ ...request, database }, secret.data, passwords, context);
    const session = await open.cluster(context);
    const journal = underWay ?? {
      key: source.property,
      old,
      new: await newValue(request, context),
      toward: "new" as const,
      startedAt: startedAt.toString(),
    };
    const readers = {
      secrets: source.readers,
      agentPath: `${source.place.mount}/data/${source.place.path}`,
      inventory: inventoryId(platform),
    };
    await showPlan({ vault, source, readers, role, session }, context);
    if (!request.dryRun) {
      await confirmRotation(request, session, context);
      await underLease(
        session.client,
        inventoryId(platform),
        context,
        (held) => rotate({ vault, source, readers, role, session }, journal, held),
      );
    }
    context.emit(summary({
      rotated: request.dryRun ? 0 : 1,
      secrets: source.readers.length,
      resumed: underWay === undefined ? 0 : 1,
      durationMs: elapsedMs(startedAt, context),
    }));
    return ExitCode.done;
  });
}

async function rotate(
  rotation: Rotation,
  journal: RotationJournal,
  context: Context,
): Promise<void> {
  const { source } = rotation;
  const back = journal.toward === "old";
  await step(
    context,
    `${back ? "Put back" : "Rotate"} ${source.property}`,
    (progress) =>
      carryOut(
        placesOf(rotation, context, (detail) => progress(detail)),
        journal,
        context.signal,
        (message) => context.emit({ type: "note", level: "warning", message }),
      ),
    () => back ? "the value from before is in force" : "the new value is in force everywhere",
  );
  if (back) {
    throw new SlipwayError(
      `${source.property} is not rotated: an earlier run failed, and is put back now`,
      { remedy: "run the command once more to rotate it" },
    );
  }
}

async function showPlan(
  { source, readers, role, session }: Rotation,
  context: Context,
): Promise<void> {
  const plan = (subject: string, because: string) =>
    context.emit({ type: "change", phase: "plan", action: "configured", subject, because });
  plan(`Vault ${source.vault} ${nameOfPlace(source)}`, `${source.property} gets another value`);
  for (const { namespace, name } of source.readers) {
    plan(`Secret ${namespace}/${name}`, "is synced at once");
  }
  if (role !== undefined) plan(`Role ${role.role} in ${role.name}`, "gets another password");
  const users = await usersOfAll(session.client, readers, context);
  for (const { ref } of users) plan(subjectOf(ref), "reads it, and is restarted");
}

async function confirmRotation(
  { externalSecret, key }: RotateRequest,
  { embedded, name }: Session,
  context: Context,
): Promise<void> {
  if (embedded) return;
  if (await context.confirm(`Rotate ${key} of ${externalSecret} on ${name}?`)) return;
  throw new Interrupted("Nothing was changed: the plan was declined");
}

function valueIn({ data }: VersionedSecret, source: ValueSource): string {
  const value = data[source.property];
  if (typeof value === "string" && value !== "") return value;
  throw new SlipwayError(
    `Cannot rotate ${source.property}: ${nameOfPlace(source)} has ${
      value === undefined ? "no such key" : "no text there"
    }`,
    { remedy: "put it there with `deno task configure-vault`" },
  );
}

function journalUnderWay(
  { data }: VersionedSecret,
  source: ValueSource,
  { emit }: Context,
): RotationJournal | undefined {
  const journal = journalIn(data);
  if (journal === undefined) return undefined;
  if (journal.key !== source.property) {
    throw new SlipwayError(
      `Cannot rotate ${source.property}: a rotation of ${journal.key} in the same secret was cut off`,
      { remedy: `run rotate-secret with --key ${journal.key} first, which ends it` },
    );
  }
  emit({
    type: "note",
    level: "warning",
    message: `a rotation of ${journal.key} from ${journal.startedAt} was cut off: ${
      journal.toward === "new" ? "it is brought to its end" : "it is put back"
    }`,
  });
  return journal;
}
