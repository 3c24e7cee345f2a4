import { createHash } from "node:crypto";
import type { Manifest } from "../../../lib/core/object.ts";
import { vaultPort } from "../../../lib/platform/declared.ts";
import { vaultLabels } from "../../../lib/platform/ends.ts";
import type { Vault } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import {
  antiAffinity,
  containerSecurityContext,
  mounts,
  podSecurityContext,
  resourcesOf,
} from "../workload/pod.ts";
import type {
  ClusterRoleBinding,
  ConfigMap,
  PodSpec,
  Probe,
  Service,
  ServiceAccount,
  StatefulSet,
} from "../types.ts";

/** Annotation with the checksum of the configuration, which makes pods of another one out of date. */
export const configChecksumAnnotation = "slipway.dev/config-checksum";

/** Port on which Vault's servers speak to each other. Source: Vault's listener documentation. */
const clusterPort = 8201;

/** A Vault on Raft storage that may review tokens, as its Kubernetes auth method needs. */
export function vault(name: string, options: Vault): Manifest[] {
  const { namespace } = options;
  const config = configOf();
  return [
    define<ServiceAccount>({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      // Vault reviews others' tokens with its own.
      automountServiceAccountToken: true,
    }),
    define<ClusterRoleBinding>({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: `${namespace}-${name}-token-review` },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "system:auth-delegator",
      },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    }),
    define<ConfigMap>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${name}-config`, namespace },
      data: { "vault.hcl": config },
    }),
    service(name, name, options, undefined),
    service(`${name}-internal`, name, options, "None"),
    statefulSet(name, options, config),
  ];
}

/** Source: Vault's configuration reference, "listener.tcp" and "storage.raft". */
function configOf(): string {
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
    "",
  ].join("\n");
}

function service(
  serviceName: string,
  name: string,
  { namespace }: Vault,
  clusterIP: "None" | undefined,
): Manifest {
  return define<Service>({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: serviceName, namespace },
    spec: {
      type: "ClusterIP",
      clusterIP,
      // A Vault that is not initialised or not joined yet must be reachable to become so.
      publishNotReadyAddresses: true,
      selector: vaultLabels(name),
      ports: [
        { name: "http", port: vaultPort, targetPort: "http", protocol: "TCP" },
        ...(clusterIP === undefined ? [] : [
          { name: "cluster", port: clusterPort, targetPort: "cluster", protocol: "TCP" as const },
        ]),
      ],
    },
  });
}

function statefulSet(name: string, options: Vault, config: string): Manifest {
  const { namespace, replicas, storage } = options;
  const labels = vaultLabels(name);
  return define<StatefulSet>({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace, labels: { ...labels } },
    spec: {
      replicas,
      serviceName: `${name}-internal`,
      podManagementPolicy: "Parallel",
      // A Vault that restarts is sealed: it may only happen when somebody is there to unseal it.
      updateStrategy: { type: "OnDelete" },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...labels },
          annotations: {
            [configChecksumAnnotation]: createHash("sha256").update(config).digest("hex"),
          },
        },
        spec: podSpec(name, options),
      },
      volumeClaimTemplates: [{
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

function podSpec(name: string, options: Vault): PodSpec {
  const scratch = mounts({
    "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
    "/home/vault": { emptyDir: { sizeLimit: "16Mi" } },
  });
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
