import { createHash } from "node:crypto";
import type { Manifest } from "../../../lib/core/object.ts";
import { vaultLabels } from "../../../lib/platform/ends.ts";
import type { ClusterVault, Platform } from "../../../lib/platform/types.ts";
import { vaultClusterPort, vaultPort, vaultPortName } from "../../../lib/platform/vaults.ts";
import { define } from "../manifest.ts";
import { configChecksumAnnotation } from "../workload/checksum.ts";
import type { ConfigMap, PodDisruptionBudget, Service, StatefulSet } from "../types.ts";
import { vaultAccess } from "./vault_access.ts";
import { podPlaces, vaultConfig } from "./vault_config.ts";
import { developmentPod, vaultPod } from "./vault_pod.ts";

/** What a Vault is rendered from besides itself: the one that unseals it, and who signs certificates. */
export type VaultSurroundings = Pick<Platform, "vaults" | "certificates" | "issuers">;

/** A Vault that may review tokens, as its Kubernetes auth method needs; on Raft storage, or in memory. */
export function vault(
  name: string,
  options: ClusterVault,
  platform: VaultSurroundings,
): Manifest[] {
  const { namespace, development } = options;
  const places = podPlaces(name, options, platform);
  const config = development === undefined ? vaultConfig(places) : undefined;
  return [
    ...vaultAccess(name, options),
    ...(config === undefined ? [] : [define<ConfigMap>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${name}-config`, namespace },
      data: { "vault.hcl": config },
    })]),
    service(name, name, options, {}),
    // Standbys hand on what they are asked; whoever wants to be answered at once asks the active one.
    ...(development === undefined
      ? [service(`${name}-active`, name, options, { onlyActive: true })]
      : []),
    service(`${name}-internal`, name, options, { headless: true }),
    statefulSet(name, options, config, places.seal?.caFile),
    ...disruptionBudget(name, options),
  ];
}

function service(
  serviceName: string,
  name: string,
  vault: ClusterVault,
  { headless = false, onlyActive = false }: { headless?: boolean; onlyActive?: boolean },
): Manifest {
  const port = vaultPortName(vault);
  return define<Service>({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: serviceName, namespace: vault.namespace },
    spec: {
      type: "ClusterIP",
      clusterIP: headless ? "None" : undefined,
      // A Vault that is not initialised or not joined yet must be reachable to become so.
      publishNotReadyAddresses: onlyActive ? undefined : true,
      // Source: Vault, "Kubernetes service registration".
      selector: { ...vaultLabels(name), ...(onlyActive ? { "vault-active": "true" } : {}) },
      ports: [
        { name: port, port: vaultPort, targetPort: port, protocol: "TCP" },
        ...(!headless || vault.development !== undefined ? [] : [{
          name: "cluster",
          port: vaultClusterPort,
          targetPort: "cluster",
          protocol: "TCP" as const,
        }]),
      ],
    },
  });
}

function statefulSet(
  name: string,
  options: ClusterVault,
  config: string | undefined,
  sealCaFile: string | undefined,
): Manifest {
  const { namespace, replicas, storage, seal, development } = options;
  const labels = vaultLabels(name);
  return define<StatefulSet>({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace, labels: { ...labels } },
    spec: {
      replicas,
      serviceName: `${name}-internal`,
      podManagementPolicy: "Parallel",
      // A Vault that restarts is sealed, or empty: it may only happen when somebody is there for it. And of several,
      // each must be back in Raft before the next one goes, the leader last, which the StatefulSet cannot tell.
      updateStrategy: {
        type: seal === undefined || replicas > 1 ? "OnDelete" : "RollingUpdate",
      },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...labels },
          annotations: config === undefined ? undefined : {
            [configChecksumAnnotation]: createHash("sha256").update(config).digest("hex"),
          },
        },
        spec: development === undefined
          ? vaultPod(name, options, sealCaFile)
          : developmentPod(name, options, development),
      },
      volumeClaimTemplates: storage && [{
        // With apiVersion and kind, as the server stores it: else each comparison would find a difference.
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "data" },
        spec: {
          storageClassName: storage.storageClass,
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: storage.size } },
        },
      }],
    },
  });
}

/**
 * Raft needs more than half of the servers. A single one has no budget: whatever it said, it would either never let
 * a node be drained, or not keep anything.
 */
function disruptionBudget(name: string, { namespace, replicas }: ClusterVault): Manifest[] {
  if (replicas === 1) return [];
  return [define<PodDisruptionBudget>({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    spec: {
      maxUnavailable: Math.floor((replicas - 1) / 2),
      selector: { matchLabels: vaultLabels(name) },
      // A server that does not answer may be needed for the majority all the same, once it does.
      unhealthyPodEvictionPolicy: "IfHealthyBudget",
    },
  })];
}
