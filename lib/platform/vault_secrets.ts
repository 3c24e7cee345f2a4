import type { Platform } from "./types.ts";
import { vaultCaNamespaces, type VaultClientSections } from "./vault_clients.ts";
import { clusterVaults, vaultCaKey, vaultCaSecret, vaultCertificateNames } from "./vaults.ts";

/** A Secret that `install-vault` makes. */
export interface VaultSecret {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
  /** Type of the Secret. */
  type: "Opaque" | "kubernetes.io/tls";
  /** Keys that it will have. */
  keys: readonly string[];
  /** The task. */
  madeBy: "install-vault";
  /** Where the platform asks for it. */
  path: readonly string[];
  /** Names that a certificate in it is valid for. */
  hosts?: readonly string[];
}

/**
 * Secrets that `install-vault` makes: a certificate where the platform has none of that name, the authority in the
 * namespace of each client, and tokens by which Vaults unseal themselves; `others` are Secrets that something else
 * makes, as `namespace/name`.
 */
export function vaultSecrets(
  platform: VaultClientSections & Pick<Platform, "certificates">,
  others: ReadonlySet<string>,
): VaultSecret[] {
  const madeBy = "install-vault" as const;
  const all = [
    ...clusterVaults(platform).flatMap(([name, vault]): VaultSecret[] => {
      const { namespace, tls, seal } = vault;
      return [
        ...(tls === undefined ? [] : [{
          namespace,
          name: tls.secret,
          type: "kubernetes.io/tls" as const,
          keys: ["tls.crt", "tls.key", vaultCaKey],
          madeBy,
          path: ["vaults", name, "tls", "secret"],
          hosts: vaultCertificateNames(name, vault),
        }]),
        ...(seal === undefined ? [] : [{
          namespace,
          name: seal.token.secret,
          type: "Opaque" as const,
          keys: [seal.token.key],
          madeBy,
          path: ["vaults", name, "seal", "token"],
        }]),
      ];
    }),
    ...Object.keys(platform.vaults).flatMap((name) =>
      vaultCaNamespaces(platform, name).map((namespace): VaultSecret => ({
        namespace,
        name: vaultCaSecret(name),
        type: "Opaque",
        keys: [vaultCaKey],
        madeBy,
        path: ["vaults", name],
      }))
    ),
  ];
  return all.filter(({ namespace, name }) => !others.has(`${namespace}/${name}`));
}
