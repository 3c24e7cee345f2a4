import { vaultPort } from "../../../lib/platform/declared.ts";
import { vaultLabels } from "../../../lib/platform/ends.ts";
import type { SecretKey, Vault, VaultDevelopment } from "../../../lib/platform/types.ts";
import type { PodSpec, Probe } from "../types.ts";
import {
  antiAffinity,
  containerSecurityContext,
  mounts,
  podSecurityContext,
  resourcesOf,
} from "../workload/pod.ts";
import { clusterPort } from "./vault_config.ts";

/** The root file system is read-only. */
const scratch = mounts({
  "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
  "/home/vault": { emptyDir: { sizeLimit: "16Mi" } },
});

/** A pod of a Vault with storage. */
export function vaultPod(name: string, options: Vault): PodSpec {
  return {
    serviceAccountName: name,
    enableServiceLinks: false,
    securityContext: podSecurityContext(options.runAs),
    affinity: options.replicas > 1 ? antiAffinity("required", vaultLabels(name)) : undefined,
    containers: [{
      name: "vault",
      image: options.image,
      // Not the image's entry point, which wants to set capabilities.
      command: ["vault", "server", "-config=/vault/config"],
      ports: [
        { name: "http", containerPort: vaultPort, protocol: "TCP" },
        { name: "cluster", containerPort: clusterPort, protocol: "TCP" },
      ],
      env: [
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "VAULT_RAFT_NODE_ID", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "VAULT_ADDR", value: `http://127.0.0.1:${vaultPort}` },
        { name: "VAULT_API_ADDR", value: `http://$(POD_IP):${vaultPort}` },
        {
          name: "VAULT_CLUSTER_ADDR",
          value:
            `https://$(VAULT_RAFT_NODE_ID).${name}-internal.${options.namespace}.svc:${clusterPort}`,
        },
        { name: "HOME", value: "/home/vault" },
        ...(options.seal === undefined ? [] : [fromSecret("VAULT_TOKEN", options.seal.token)]),
      ],
      resources: resourcesOf(options.resources),
      livenessProbe: health({ initialDelaySeconds: 10, failureThreshold: 6 }),
      readinessProbe: health({}),
      securityContext: containerSecurityContext(),
      volumeMounts: [
        { name: "config", mountPath: "/vault/config", readOnly: true },
        { name: "data", mountPath: "/vault/data" },
        ...scratch.volumeMounts,
      ],
    }],
    volumes: [
      { name: "config", configMap: { name: `${name}-config` } },
      ...scratch.volumes,
    ],
  };
}

/** The pod of a Vault that keeps everything in memory. Source: Vault, "server" command, -dev. */
export function developmentPod(
  name: string,
  options: Vault,
  { rootToken }: VaultDevelopment,
): PodSpec {
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
      livenessProbe: health({ initialDelaySeconds: 10, failureThreshold: 6 }),
      readinessProbe: health({}),
      securityContext: containerSecurityContext(),
      volumeMounts: scratch.volumeMounts,
    }],
    volumes: scratch.volumes,
  };
}

function fromSecret(name: string, { secret, key }: SecretKey) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/**
 * Sealed and uninitialised count as healthy: a restart would not unseal it, and it is unsealed in place.
 * Source: Vault's API reference, /sys/health.
 */
function health(rest: Pick<Probe, "initialDelaySeconds" | "failureThreshold">): Probe {
  return {
    httpGet: {
      path: "/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204",
      port: "http",
    },
    periodSeconds: 10,
    timeoutSeconds: 3,
    ...rest,
  };
}
