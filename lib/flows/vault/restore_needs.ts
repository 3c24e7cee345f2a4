import type { BackupRecord } from "../../backup/record.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { formatBytes, formatDuration } from "../../core/units.ts";
import type { VaultBackupDetails, VaultBackupSeal } from "../../vault/snapshot/details.ts";
import type { SealStatus } from "../../vault/status.ts";
import { checkProbe } from "../../vault/transit_probe.ts";
import type { OpenVault } from "./open.ts";
import { declaredSeal, type SealerRequest, withSealer } from "./sealer.ts";

/** Tell what is restored, and what it takes to unseal it, before anything is done. */
export function tellNeeds(
  record: BackupRecord,
  details: VaultBackupDetails,
  context: Pick<Context, "emit" | "now">,
): void {
  const age = context.now().since(Temporal.Instant.from(record.createdAt)).total("milliseconds");
  const [object] = record.objects;
  const rows = [
    ["Backup", record.id],
    ["Taken", `${record.createdAt}, ${formatDuration(age)} ago`],
    ["Size", formatBytes(object!.plain.sizeBytes)],
    ["Vault", `${record.scope}/${record.name}, version ${details.version}`],
    ["Raft index", String(details.raft.index)],
    ["To decrypt", `the age identity of one of ${record.recipients.join(", ")}`],
    ["To unseal", unsealNeeds(record, details.seal)],
    [
      "To prove",
      details.canary === undefined
        ? "nothing: it was taken without a canary, so only its cluster id is compared"
        : `the canary at ${details.canary.mount}/${details.canary.path}`,
    ],
  ];
  context.emit({ type: "table", title: "Restore", columns: ["What", "Which"], rows });
}

/** What it takes to unseal a restored Vault, in words. */
export function unsealNeeds(
  { scope, name, createdAt }: Pick<BackupRecord, "scope" | "name" | "createdAt">,
  { type, shares, threshold, holders, transit }: VaultBackupSeal,
): string {
  const people = holders === undefined ? "" : `, which are with ${holders.join(", ")}`;
  const ofWhich = `${threshold} of the ${shares}`;
  const when = `the Vault ${scope}/${name} as it was on ${createdAt.slice(0, 10)}`;
  if (type === "shamir") return `${ofWhich} shares of ${when}${people}`;
  const key = transit === undefined
    ? `what unsealed it by ${type}`
    : `the key ${transit.mountPath}/${transit.key}${
      transit.version === undefined ? "" : `, version ${transit.version},`
    } of the Vault ${transit.vault} at ${transit.address}`;
  return `${key}; and a token of it, or ${ofWhich} recovery shares of ${when}${people}`;
}

/**
 * Refuse what cannot end well: a server that is unsealed in another way than the backup, or older than it.
 *
 * @throws {SlipwayError} with what to do about it
 */
export function checkServer(
  name: string,
  { type, version }: Pick<SealStatus, "type" | "version">,
  details: Pick<VaultBackupDetails, "seal" | "version">,
): void {
  const { seal } = details;
  if ((type === "shamir") !== (seal.type === "shamir")) {
    throw new SlipwayError(
      `Cannot restore to the Vault ${name}: it is unsealed by ${type}, and the backup by ${seal.type}`,
      {
        remedy: seal.transit === undefined
          ? "configure its servers without a seal, restore, and change the seal afterwards with `deno task unseal-vault --migrate`"
          : `configure its servers with the seal of the backup: the key ${seal.transit.mountPath}/${seal.transit.key} at ${seal.transit.address}`,
      },
    );
  }
  if (isOlder(version, details.version)) {
    throw new SlipwayError(
      `Cannot restore to the Vault ${name}: its version is ${version}, and the backup is of ${details.version}`,
      { remedy: `run Vault ${details.version} or later` },
    );
  }
}

/**
 * Show that the Transit key that the backup depends on is there: what it encrypted when the backup was taken can be
 * decrypted. Where that cannot be asked it is told, and allowed only where no data would be lost for it.
 *
 * @throws {SlipwayError} when it is not
 */
export async function checkTransitKey(
  open: OpenVault,
  { transit }: Pick<VaultBackupSeal, "transit">,
  request: SealerRequest,
  { losesData }: { losesData: boolean },
  context: Context,
): Promise<void> {
  if (transit === undefined) return;
  const what = `the key ${transit.mountPath}/${transit.key} of the Vault ${transit.vault}`;
  let found: boolean | undefined;
  let because = "the record has no proof of it";
  if (transit.probe !== undefined && declaredSeal(open) !== undefined) {
    const { probe } = transit;
    try {
      found = await withSealer(
        open,
        request,
        context,
        (client) => checkProbe(client, transit, probe, { signal: context.signal }),
      );
    } catch (error) {
      context.signal.throwIfAborted();
      because = messageOf(error);
    }
  }
  const remedy =
    `see that the Vault ${transit.vault} runs and is unsealed; give a token for it in VAULT_SEAL_TOKEN`;
  if (found === false) {
    throw new SlipwayError(
      `Cannot restore: ${what} is not the one that the backup depends on, so nothing could unseal it`,
      { remedy: `restore the Vault ${transit.vault} first, from a backup of that time` },
    );
  }
  if (found === true) {
    context.emit({ type: "note", level: "info", message: `${what} is there` });
    return;
  }
  if (losesData) {
    throw new SlipwayError(
      `Refused to replace what is in the Vault ${open.name}: whether ${what} is there cannot be told: ${because}`,
      { remedy },
    );
  }
  context.emit({
    type: "note",
    level: "warning",
    message: `whether ${what} is there cannot be told: ${because}`,
    remedy,
  });
}

/** Compares major and minor version; a patch release reads what later ones wrote. */
function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
