import { createHash } from "node:crypto";
import type { Manifest } from "../../../lib/core/object.ts";
import { vaultPort } from "../../../lib/platform/declared.ts";
import { vaultLabels } from "../../../lib/platform/ends.ts";
import type { Vault } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import { configChecksumAnnotation } from "../workload/checksum.ts";
import type {
  ClusterRoleBinding,
  ConfigMap,
  Service,
  ServiceAccount,
  StatefulSet,
} from "../types.ts";
import { clusterPort, vaultConfig } from "./vault_config.ts";
import { developmentPod, vaultPod } from "./vault_pod.ts";

/**
 * A Vault that may review tokens, as its Kubernetes auth method needs; on Raft storage, or in memory. `vaults` are
 * all of the platform, among which is the one that unseals it.
 */
export function vault(
  name: string,
  options: Vault,
  vaults: Readonly<Record<string, Vault>> = {},
): Manifest[] {
  const { namespace, development, seal } = options;
  const sealer = seal?.vault ?? "";
  const config = development === undefined
    ? vaultConfig(options, `http://${sealer}.${vaults[sealer]?.namespace}.svc:${vaultPort}`)
    : undefined;
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
    ...(config === undefined ? [] : [define<ConfigMap>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${name}-config`, namespace },
      data: { "vault.hcl": config },
    })]),
    service(name, name, options, undefined),
    service(`${name}-internal`, name, options, "None"),
    statefulSet(name, options, config),
  ];
}

function service(
  serviceName: string,
  name: string,
  { namespace, development }: Vault,
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
        ...(clusterIP === undefined || development !== undefined ? [] : [
          { name: "cluster", port: clusterPort, targetPort: "cluster", protocol: "TCP" as const },
        ]),
      ],
    },
  });
}

function statefulSet(name: string, options: Vault, config: string | undefined): Manifest {
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
      // A Vault that restarts is sealed, or empty: it may only happen when somebody is there for it.
      updateStrategy: { type: seal === undefined ? "OnDelete" : "RollingUpdate" },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...labels },
          annotations: config === undefined ? undefined : {
            [configChecksumAnnotation]: createHash("sha256").update(config).digest("hex"),
          },
        },
        spec: development === undefined
          ? vaultPod(name, options)
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
