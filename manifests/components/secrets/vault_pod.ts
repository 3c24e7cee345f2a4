import { vaultLabels } from "../../../lib/platform/ends.ts";
import type {
  ClusterVault,
  Mount,
  SecretKey,
  VaultDevelopment,
} from "../../../lib/platform/types.ts";
import {
  vaultCaKey,
  vaultCaSecret,
  vaultClusterPort,
  vaultPort,
  vaultPortName,
} from "../../../lib/platform/vaults.ts";
import type { PodSpec, Probe } from "../types.ts";
import {
  antiAffinity,
  containerSecurityContext,
  mounts,
  podSecurityContext,
  resourcesOf,
} from "../workload/pod.ts";
import { vaultFolders } from "./vault_config.ts";

/** The root file system is read-only. */
const scratch: Record<string, Mount> = {
  "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
  "/home/vault": { emptyDir: { sizeLimit: "16Mi" } },
};

/** A pod of a Vault with storage; `sealCaFile` is where it looks for the authority of the one that unseals it. */
export function vaultPod(
  name: string,
  options: ClusterVault,
  sealCaFile: string | undefined,
): PodSpec {
  const { seal, tls, namespace, replicas } = options;
  const port = vaultPortName(options);
  const files = mounts({
    ...scratch,
    ...(tls === undefined ? {} : { [vaultFolders.tls]: { secret: tls.secret } }),
    ...(seal !== undefined && sealCaFile?.startsWith(vaultFolders.seal)
      ? { [vaultFolders.seal]: { secret: vaultCaSecret(seal.vault) } }
      : {}),
  });
  return {
    serviceAccountName: name,
    enableServiceLinks: false,
    securityContext: podSecurityContext(options.runAs),
    affinity: replicas > 1 ? antiAffinity("required", vaultLabels(name)) : undefined,
    containers: [{
      name: "vault",
      image: options.image,
      // Not the image's entry point, which wants to set capabilities.
      command: ["vault", "server", `-config=${vaultFolders.config}`],
      ports: [
        { name: port, containerPort: vaultPort, protocol: "TCP" },
        { name: "cluster", containerPort: vaultClusterPort, protocol: "TCP" },
      ],
      env: [
        { name: "VAULT_RAFT_NODE_ID", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        // By these it finds its own pod, to mark it.
        { name: "VAULT_K8S_POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        {
          name: "VAULT_K8S_NAMESPACE",
          valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
        },
        { name: "VAULT_ADDR", value: `${port}://127.0.0.1:${vaultPort}` },
        ...(tls === undefined
          ? []
          : [{ name: "VAULT_CACERT", value: `${vaultFolders.tls}/${vaultCaKey}` }]),
        // A name, and not the pod's address: that is what a certificate is valid for.
        {
          name: "VAULT_API_ADDR",
          value: `${port}://$(VAULT_RAFT_NODE_ID).${name}-internal.${namespace}.svc:${vaultPort}`,
        },
        {
          name: "VAULT_CLUSTER_ADDR",
          value:
            `https://$(VAULT_RAFT_NODE_ID).${name}-internal.${namespace}.svc:${vaultClusterPort}`,
        },
        { name: "HOME", value: "/home/vault" },
        ...(seal === undefined ? [] : [fromSecret("VAULT_TOKEN", seal.token)]),
      ],
      resources: resourcesOf(options.resources),
      livenessProbe: health(port, { initialDelaySeconds: 10, failureThreshold: 6 }),
      readinessProbe: health(port, {}),
      securityContext: containerSecurityContext(),
      volumeMounts: [
        { name: "config", mountPath: vaultFolders.config, readOnly: true },
        { name: "data", mountPath: vaultFolders.data },
        ...files.volumeMounts,
      ],
    }],
    volumes: [
      { name: "config", configMap: { name: `${name}-config` } },
      ...files.volumes,
    ],
  };
}

/** The pod of a Vault that keeps everything in memory. Source: Vault, "server" command, -dev. */
export function developmentPod(
  name: string,
  options: ClusterVault,
  { rootToken }: VaultDevelopment,
): PodSpec {
  const { volumes, volumeMounts } = mounts(scratch);
  return {
    serviceAccountName: name,
    enableServiceLinks: false,
    securityContext: podSecurityContext(options.runAs),
    containers: [{
      name: "vault",
      image: options.image,
      command: ["vault", "server", "-dev", "-dev-no-store-token"],
      args: [`-dev-listen-address=[::]:${vaultPort}`],
      ports: [{ name: "http", containerPort: vaultPort, protocol: "TCP" }],
      env: [
        fromSecret("VAULT_DEV_ROOT_TOKEN_ID", rootToken),
        { name: "HOME", value: "/home/vault" },
      ],
      resources: resourcesOf(options.resources),
      livenessProbe: health("http", { initialDelaySeconds: 10, failureThreshold: 6 }),
      readinessProbe: health("http", {}),
      securityContext: containerSecurityContext(),
      volumeMounts,
    }],
    volumes,
  };
}

function fromSecret(name: string, { secret, key }: SecretKey) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/**
 * Sealed and uninitialised count as healthy: a restart would not unseal it, and it is unsealed in place.
 * Source: Vault's API reference, /sys/health.
 */
function health(
  port: "http" | "https",
  rest: Pick<Probe, "initialDelaySeconds" | "failureThreshold">,
): Probe {
  return {
    httpGet: {
      path: "/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204",
      port,
      scheme: port === "https" ? "HTTPS" : undefined,
    },
    periodSeconds: 10,
    timeoutSeconds: 3,
    ...rest,
  };
}
