import { vaultPort } from "../../../lib/platform/declared.ts";
import type { Vault } from "../../../lib/platform/types.ts";

/** Port on which Vault's servers speak to each other. Source: Vault's listener documentation. */
export const clusterPort = 8201;

/**
 * Configuration of a Vault with Raft storage; `sealAddress` is the URL of the one that unseals it.
 * Source: Vault's configuration reference, "listener.tcp", "storage.raft" and "seal.transit".
 */
export function vaultConfig({ seal }: Pick<Vault, "seal">, sealAddress: string): string {
  return [
    "ui = true",
    // Locking memory needs the IPC_LOCK capability, which the restricted level does not give; swap is off on nodes.
    "disable_mlock = true",
    "",
    'listener "tcp" {',
    `  address         = "[::]:${vaultPort}"`,
    `  cluster_address = "[::]:${clusterPort}"`,
    "  tls_disable     = true",
    "}",
    "",
    'storage "raft" {',
    '  path = "/vault/data"',
    "}",
    ...(seal === undefined ? [] : [
      "",
      // The token comes by the environment.
      'seal "transit" {',
      `  address    = ${JSON.stringify(sealAddress)}`,
      `  mount_path = ${JSON.stringify(seal.mountPath)}`,
      `  key_name   = ${JSON.stringify(seal.key)}`,
      "}",
    ]),
    "",
  ].join("\n");
}
