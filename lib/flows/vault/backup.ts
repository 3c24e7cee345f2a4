import { backupId, fileName, folderOf, recordSuffix } from "../../backup/names.ts";
import { type BackupRecord, writeRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, messageOf, SlipwayError } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import { vaultCanary } from "../../platform/backups.ts";
import type { Store } from "../../store/store.ts";
import type { VaultClient } from "../../vault/client.ts";
import { snapshotGuard } from "../../vault/snapshot/check.ts";
import type { VaultBackupDetails } from "../../vault/snapshot/details.ts";
import { sealStatus } from "../../vault/status.ts";
import { writeObject } from "../backup/objects.ts";
import { openBackupStore, type PlaceRequest, recipientsOf, sourceOf } from "../backup/place.ts";
import { tool } from "../backup/tool.ts";
import { renderPlatform } from "../render.ts";
import { freshCanary } from "./backup_canary.ts";
import { type BackupLogin, openLeader, withBackupToken } from "./backup_login.ts";
import { sealOf } from "./backup_seal.ts";
import type { OpenVault, VaultRequest } from "./open.ts";
import type { SealerRequest } from "./sealer.ts";
import type { TokenRequest } from "./token.ts";

/** Which Vaults are to be backed up, and where to. */
export interface BackupVaultRequest
  extends
    VaultRequest,
    TokenRequest,
    PlaceRequest,
    BackupLogin,
    Omit<SealerRequest, keyof VaultRequest> {
  /** Names of several Vaults in the platform, in place of `vault`. */
  vaults: readonly string[];
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** What follows the id in the name of a snapshot. */
const snapshotSuffix = "snap.age";

/** Unfinished writes older than this are nobody's any more. */
const abandonedAfter = { hours: 24 };

/**
 * Take a Raft snapshot of each Vault, check it by the sums inside of it, encrypt it into a store, read it back, and
 * write its record last. The exit code is 3 when some Vaults failed, and the others are safe.
 */
export async function backupVault(
  request: BackupVaultRequest,
  context: Context,
): Promise<ExitCode> {
  const { vaults } = request;
  if (vaults.length <= 1) {
    await backupOne(request, vaults[0] ?? request.vault, context);
    return ExitCode.done;
  }
  const failures: unknown[] = [];
  for (const vault of vaults) {
    try {
      await backupOne(request, vault, context);
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push(error);
      const remedy = error instanceof SlipwayError ? error.remedy : undefined;
      context.emit({
        type: "note",
        level: "warning",
        message: `the Vault ${vault} was not backed up: ${messageOf(error)}`,
        ...remedy === undefined ? {} : { remedy },
      });
    }
  }
  if (failures.length === vaults.length) throw failures[0];
  return failures.length === 0 ? ExitCode.done : ExitCode.partly;
}

async function backupOne(
  request: BackupVaultRequest,
  vault: string | undefined,
  context: Context,
): Promise<void> {
  const { platform } = await renderPlatform(request, context);
  // What is wrong with these is told before anything is asked of Vault.
  const recipients = recipientsOf(request, platform);
  await using open = await openLeader({ ...request, vault }, context);
  const store = await openBackupStore(
    request,
    { platform, subject: `vaults/${open.name}` },
    context,
  );
  if (request.dryRun) {
    context.emit({
      type: "note",
      level: "info",
      message: `would back up the Vault ${open.name} to ${store.url} for ${
        recipients.join(" and ")
      }`,
    });
    return;
  }
  const record = await withBackupToken(
    open,
    request,
    context,
    (client) => takeBackup(open, { client, store, recipients, request }, context),
  );
  const [{ plain, stored }] = record.objects as [BackupRecord["objects"][0]];
  context.emit({
    type: "summary",
    vault: open.name,
    backup: record.id,
    store: store.url,
    sizeBytes: plain.sizeBytes,
    storedBytes: stored.sizeBytes,
    raftIndex: (record.details as unknown as VaultBackupDetails).raft.index,
    durationMs: record.durationMs,
  });
}

/** How often progress is told, in bytes. */
const progressBytes = 16 * 1024 * 1024;

/** Calls only for the first bytes, and then once a step. */
function everyStep(tell: (total: number) => void): (total: number) => void {
  let next = 0;
  return (total) => {
    if (total < next) return;
    next = total + progressBytes;
    tell(total);
  };
}

interface Taking {
  client: VaultClient;
  store: Store;
  recipients: readonly string[];
  request: BackupVaultRequest;
}

async function takeBackup(
  open: OpenVault,
  { client, store, recipients, request }: Taking,
  context: Context,
): Promise<BackupRecord> {
  const { signal, now } = context;
  const startedAt = now();
  const source = sourceOf(open.platform, "vault", open.name);
  const id = backupId(startedAt, context.random);
  await store.sweep(folderOf(source), startedAt.subtract(abandonedAfter), { signal });
  const { version, clusterId } = await sealStatus(client, { signal });
  const seal = await sealOf(open, request, context);
  const canary = await freshCanary(client, vaultCanary, context);
  const guard = snapshotGuard();
  const object = await step(
    context,
    `Snapshot of ${open.name}`,
    async (progress) => {
      const snapshot = await client.download("sys/storage/raft/snapshot", { signal });
      return await writeObject(store, {
        source,
        id,
        suffix: snapshotSuffix,
        plain: (snapshot as ByteStream).pipeThrough(guard.stream),
        recipients,
        onBytes: everyStep((total) => progress(formatBytes(total))),
      }, context);
    },
    ({ plain }) => `${formatBytes(plain.sizeBytes)}, read back from ${store.url}`,
  );
  const details: VaultBackupDetails = {
    version,
    ...clusterId === undefined ? {} : { clusterId },
    raft: guard.facts(),
    seal,
    ...canary === undefined ? {} : { canary },
  };
  const record: BackupRecord = {
    format: 1,
    ...source,
    id,
    createdAt: startedAt.round({ smallestUnit: "millisecond" }).toString(),
    durationMs: elapsedMs(startedAt, context),
    tool,
    objects: [object],
    recipients: [...recipients],
    details: { ...details },
  };
  const text = new TextEncoder().encode(writeRecord(record));
  await store.put(fileName(source, { id, suffix: recordSuffix }), text, {
    ifAbsent: true,
    signal,
  });
  return record;
}
