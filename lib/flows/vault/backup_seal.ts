import type { Context } from "../../core/context.ts";
import { messageOf } from "../../core/errors.ts";
import { vaultAddress } from "../../platform/vaults.ts";
import type { TransitDependency, VaultBackupSeal } from "../../vault/snapshot/details.ts";
import { sealStatus } from "../../vault/status.ts";
import { makeProbe, versionOf } from "../../vault/transit_probe.ts";
import type { OpenVault } from "./open.ts";
import { declaredSeal, type SealerRequest, withSealer } from "./sealer.ts";

/**
 * What a record says of a Vault's seal. Of a Transit key it has the version, and a value that only this key can
 * decrypt; where the key cannot be asked, that is told, and the backup goes on.
 */
export async function sealOf(
  open: OpenVault,
  request: SealerRequest,
  context: Context,
): Promise<VaultBackupSeal> {
  const { type, shares, threshold } = await sealStatus(open.client, context);
  const holders = Object.keys(open.declared.initialize?.holders ?? {});
  const transit = type === "transit" ? await transitOf(open, request, context) : undefined;
  return {
    type,
    shares,
    threshold,
    ...holders.length === 0 ? {} : { holders },
    ...transit === undefined ? {} : { transit },
  };
}

async function transitOf(
  open: OpenVault,
  request: SealerRequest,
  context: Context,
): Promise<TransitDependency | undefined> {
  const seal = declaredSeal(open);
  const lacks = (what: string, because: string, remedy?: string) =>
    context.emit({
      type: "note",
      level: "warning",
      message: `the record will not say ${what} ${open.name} depends on: ${because}`,
      ...remedy === undefined ? {} : { remedy },
    });
  if (seal === undefined) {
    lacks("which Transit key", "the platform declares no seal for it", "declare it under vaults");
    return undefined;
  }
  const { vault, mountPath, key } = seal;
  const other = open.platform.vaults[vault];
  const place = {
    vault,
    address: request.sealAddress ?? (other === undefined ? "" : vaultAddress(vault, other)),
    mountPath,
    key,
  };
  try {
    const probe = await withSealer(
      open,
      request,
      context,
      (client) => makeProbe(client, place, { signal: context.signal }),
    );
    const version = versionOf(probe);
    return { ...place, ...version === undefined ? {} : { version }, probe };
  } catch (error) {
    context.signal.throwIfAborted();
    lacks(
      "which version of its Transit key",
      messageOf(error),
      "give a token for the other Vault in VAULT_SEAL_TOKEN, so that a restore can check its key first",
    );
    return place;
  }
}
