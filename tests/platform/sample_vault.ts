import type { ClusterVault } from "../../lib/platform/types.ts";

/** A Vault of one pod with storage, in the namespace `vault`. */
export function sampleVault(changes: Partial<ClusterVault> = {}): ClusterVault {
  return {
    namespace: "vault",
    image: "docker.io/hashicorp/vault:1.21.1",
    replicas: 1,
    resources: {
      requests: { cpu: "100m", memory: "256Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    },
    storage: { storageClass: "local-path", size: "1Gi" },
    runAs: { user: 100, group: 1000 },
    ...changes,
  };
}
