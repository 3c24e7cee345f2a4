import type { WoodpeckerValues } from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Builds run as pods in its own namespace. Source: woodpecker-ci/helm v3, charts/woodpecker values.yaml. */
export function woodpecker(options: WoodpeckerValues, namespace: string): HelmValues {
  const { host, giteaUrl, secret, storage, agents } = options;
  return {
    server: {
      env: {
        WOODPECKER_HOST: `https://${host}`,
        WOODPECKER_GITEA: "true",
        WOODPECKER_GITEA_URL: giteaUrl,
      },
      extraSecretNamesForEnvFrom: [secret],
      persistentVolume: {
        enabled: true,
        size: storage.size,
        storageClass: storage.storageClass,
      },
      resources: options.serverResources,
    },
    agent: {
      replicaCount: agents,
      env: {
        WOODPECKER_BACKEND: "kubernetes",
        WOODPECKER_BACKEND_K8S_NAMESPACE: namespace,
        WOODPECKER_BACKEND_K8S_STORAGE_CLASS: storage.storageClass,
      },
      extraSecretNamesForEnvFrom: [secret],
      resources: options.agentResources,
    },
  };
}
