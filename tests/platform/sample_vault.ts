import type { ClusterVault, OutsideVault } from "../../lib/platform/types.ts";

/** A Vault with one server and nothing that it could do without. */
export function sampleVault(changes: Partial<ClusterVault> = {}): ClusterVault {
  return {
    namespace: "vault",
    image: "docker.io/hashicorp/vault:1.21.1",
    replicas: 1,
    resources: {
      requests: { cpu: "100m", memory: "256Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    },
    storage: { storageClass: "disk", size: "1Gi" },
    runAs: { user: 100, group: 1000 },
    ...changes,
  };
}

/** A Vault on a host of its own. */
export function sampleOutsideVault(changes: Partial<OutsideVault> = {}): OutsideVault {
  return { outside: { address: "https://bootstrap.example.org:8200" }, ...changes };
}

/** A seal by the Vault `bootstrap`. */
export const sampleSeal = {
  vault: "bootstrap",
  mountPath: "transit",
  key: "autounseal",
  token: { secret: "vault-unseal", key: "TOKEN" },
  role: "unseal",
};
