import { backupSubject, type ClusterJob, jobPaths } from "../../../lib/platform/backups.ts";
import type { Mount, Platform } from "../../../lib/platform/types.ts";
import { hasOwnAuthority } from "../../../lib/platform/vault_clients.ts";
import { isInCluster, vaultCaKey, vaultCaSecret } from "../../../lib/platform/vaults.ts";
import type { Volume, VolumeMount } from "../types.ts";
import type { JobVariable } from "./job_environment.ts";

/** What a job that backs up Vaults has besides what every job has. */
export interface VaultJob {
  /** Arguments. */
  args: string[];
  /** Secrets with the authorities of the Vaults, by where they are mounted. */
  authorities: Record<string, Mount>;
  /** Variables of its environment. */
  env: JobVariable[];
  /** Token of its service account, by which it logs in. */
  token: { volume: Volume; mount: VolumeMount };
}

const tokenVolume = "vault-token";

/**
 * How a job logs in to the Vaults that it backs up: by the role of its own name, which `configure-vault` makes; undefined
 * for jobs of other tasks. The token is valid for an hour, and mounted by itself, since the job needs no other rights.
 */
export function vaultJob(
  name: string,
  { task, covers = [], namespace }: ClusterJob,
  platform: Pick<Platform, "vaults" | "certificates" | "issuers">,
): VaultJob | undefined {
  if (task !== "backup-vault") return undefined;
  const vaults = covers.map(backupSubject).filter(({ section }) => section === "vaults")
    .map(({ name }) => name);
  return {
    args: ["--role", name],
    authorities: Object.fromEntries(
      vaults.filter((vault) => hasOwnAuthority(platform, vault)).map((vault) => [
        jobPaths.authority(vault).slice(0, -`/${vaultCaKey}`.length),
        { secret: vaultCaSecret(vault) },
      ]),
    ),
    env: sealToken(vaults, namespace, platform),
    token: {
      volume: {
        name: tokenVolume,
        projected: {
          sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }],
        },
      },
      mount: {
        name: tokenVolume,
        mountPath: jobPaths.token.slice(0, -"/token".length),
        readOnly: true,
      },
    },
  };
}

/** The token of a Vault that another one unseals: with it, the record can prove which key of the other it depends on. */
function sealToken(
  names: readonly string[],
  namespace: string,
  { vaults }: Pick<Platform, "vaults">,
): JobVariable[] {
  const sealed = names.flatMap((name) => {
    const vault = vaults[name];
    return vault !== undefined && isInCluster(vault) && vault.namespace === namespace
      ? vault.seal ?? []
      : [];
  });
  const [seal] = sealed;
  if (seal === undefined) return [];
  const { secret, key } = seal.token;
  return [{ name: "VAULT_SEAL_TOKEN", valueFrom: { secretKeyRef: { name: secret, key } } }];
}
