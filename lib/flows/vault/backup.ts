import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import type { ByteStream } from "../../core/program.ts";
import { vaultCanary } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import type { Store } from "../../store/store.ts";
import type { VaultClient } from "../../vault/client.ts";
import { snapshotGuard } from "../../vault/snapshot/check.ts";
import type { VaultBackupDetails } from "../../vault/snapshot/details.ts";
import { sealStatus } from "../../vault/status.ts";
import { type ChosenJob, jobOf, type JobRequest } from "../backup/job.ts";
import { openJobStore, recipientsOf, sourceOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import type { BackupItem, TakeTools } from "../backup/item.ts";
import { renderPlatform } from "../render/render.ts";
import { freshCanary } from "./backup_canary.ts";
import { type BackupLogin, openLeader, withBackupToken } from "./backup_login.ts";
import { sealOf } from "./backup_seal.ts";
import { chooseVault } from "./choose.ts";
import type { OpenVault, VaultRequest } from "./open.ts";
import type { SealerRequest } from "./sealer.ts";
import type { TokenRequest } from "./token.ts";

/** Which Vaults are to be backed up, and where to. */
export interface BackupVaultRequest
  extends
    VaultRequest,
    TokenRequest,
    Omit<JobRequest, keyof VaultRequest>,
    BackupLogin,
    Omit<SealerRequest, keyof VaultRequest> {
  /** Names of several Vaults in the platform, in place of `vault`. @default those that the job covers, or the only one */
  vaults: readonly string[];
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** What follows the id in the name of a snapshot. */
const snapshotSuffix = "snap.age";

/**
 * Take a Raft snapshot of each Vault, check it by the sums inside of it, encrypt it into a store, read it back, and
 * write its record last. The exit code is 3 when some Vaults failed, and the others are safe.
 */
export async function backupVault(
  request: BackupVaultRequest,
  context: Context,
): Promise<ExitCode> {
  const { platform } = await renderPlatform(request, context);
  const job = jobOf(platform, "backup-vault", request);
  // What is wrong with these is told before anything is asked of Vault.
  const recipients = recipientsOf(request, platform);
  const names = vaultsOf(request, platform, job);
  const items = await Promise.all(
    names.map((name) => itemOf(name, { platform, job, request }, context)),
  );
  if (!request.dryRun) {
    return await runBackups({
      task: "backup-vault",
      job,
      items,
      store: items[0]!.store,
      recipients,
      summary: ({ details }: BackupRecord) => ({
        raftIndex: (details as unknown as VaultBackupDetails).raft.index,
      }),
    }, context);
  }
  for (const { label, source, store } of items) {
    await using _open = await openLeader({ ...request, vault: source.name }, context);
    context.emit({
      type: "note",
      level: "info",
      message: `would back up ${label} to ${store.url} for ${recipients.join(" and ")}`,
    });
  }
  return ExitCode.done;
}

function vaultsOf(
  { vaults, vault }: Pick<BackupVaultRequest, "vaults" | "vault">,
  platform: Platform,
  { name: job, covers }: ChosenJob,
): string[] {
  const covered = covers.filter(({ section }) => section === "vaults").map(({ name }) => name);
  const wanted = vaults.length > 0
    ? vaults
    : vault === undefined && job !== undefined && covered.length > 0
    ? covered
    : [vault];
  return wanted.map((each) => chooseVault(platform, each).name);
}

async function itemOf(
  name: string,
  { platform, job, request }: { platform: Platform; job: ChosenJob; request: BackupVaultRequest },
  context: Context,
): Promise<BackupItem & { store: Store }> {
  return {
    source: sourceOf(platform, "vault", name),
    label: `the Vault ${name}`,
    store: await openJobStore(request, { platform, job, subject: `vaults/${name}` }, context),
    take: async (tools) => {
      const within = { ...context, signal: tools.signal };
      await using open = await openLeader({ ...request, vault: name }, within);
      const details = await withBackupToken(
        open,
        request,
        within,
        (client) => takeSnapshot(open, client, request, tools, within),
      );
      return { details: { ...details } };
    },
  };
}

async function takeSnapshot(
  open: OpenVault,
  client: VaultClient,
  request: BackupVaultRequest,
  { write }: TakeTools,
  context: Context,
): Promise<VaultBackupDetails> {
  const { signal } = context;
  const { version, clusterId } = await sealStatus(client, { signal });
  const seal = await sealOf(open, request, context);
  const canary = await freshCanary(client, vaultCanary, context);
  const guard = snapshotGuard();
  const snapshot = await client.download("sys/storage/raft/snapshot", { signal });
  await write(snapshotSuffix, (snapshot as ByteStream).pipeThrough(guard.stream));
  return {
    version,
    ...clusterId === undefined ? {} : { clusterId },
    raft: guard.facts(),
    seal,
    ...canary === undefined ? {} : { canary },
  };
}
