import type { Manifest } from "../../core/object.ts";
import type { Container, PodSpec } from "../pods.ts";
import { claim, type MadePods } from "./made.ts";

/** Source: CloudNativePG, postgresql.cnpg.io/v1 ClusterSpec and PoolerSpec. */
interface ClusterSpec {
  instances?: number;
  resources?: Container["resources"];
  storage?: { size?: string; storageClass?: string };
  walStorage?: { size?: string; storageClass?: string };
  affinity?: {
    enablePodAntiAffinity?: boolean;
    podAntiAffinityType?: string;
    topologyKey?: string;
    nodeSelector?: Record<string, string>;
    tolerations?: PodSpec["tolerations"];
  };
}

interface PoolerSpec {
  instances?: number;
  template?: { spec?: PodSpec };
}

/**
 * Pods of a CloudNativePG Cluster or Pooler.
 * Source: CloudNativePG, pkg/specs/pods.go, pkg/utils/labels_annotations.go and pkg/specs/pgbouncer/deployments.go.
 */
export function cloudNativePgPods(owner: Manifest): MadePods[] {
  if (!owner.apiVersion.startsWith("postgresql.cnpg.io/")) return [];
  if (owner.kind === "Cluster") return [clusterPods(owner)];
  return owner.kind === "Pooler" ? [poolerPods(owner)] : [];
}

function clusterPods(owner: Manifest): MadePods {
  const { name, namespace = "default" } = owner.metadata;
  const { instances = 1, resources, storage, walStorage, affinity = {} } =
    (owner["spec"] ?? {}) as ClusterSpec;
  const labels = { "cnpg.io/cluster": name, "cnpg.io/podRole": "instance" };
  const apart = affinity.enablePodAntiAffinity !== false &&
    affinity.podAntiAffinityType === "required";
  return {
    owner,
    namespace,
    labelSets: ["primary", "replica"].map((role) => ({
      ...labels,
      role,
      "cnpg.io/instanceRole": role,
    })),
    spec: {
      containers: [{
        name: "postgres",
        ports: [
          { name: "postgresql", containerPort: 5432 },
          { name: "metrics", containerPort: 9187 },
          { name: "status", containerPort: 8000 },
        ],
        ...(resources === undefined ? {} : { resources }),
      }],
      ...(affinity.nodeSelector === undefined ? {} : { nodeSelector: affinity.nodeSelector }),
      ...(affinity.tolerations === undefined ? {} : { tolerations: affinity.tolerations }),
      ...(apart
        ? {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [{
                labelSelector: { matchLabels: labels },
                topologyKey: affinity.topologyKey ?? "kubernetes.io/hostname",
              }],
            },
          },
        }
        : {}),
    },
    least: instances,
    most: instances,
    claims: [
      ...claim("data", storage?.size, storage?.storageClass),
      ...claim("wal", walStorage?.size, walStorage?.storageClass),
    ],
  };
}

function poolerPods(owner: Manifest): MadePods {
  const { name, namespace = "default" } = owner.metadata;
  const { instances = 1, template } = (owner["spec"] ?? {}) as PoolerSpec;
  const own = template?.spec?.containers?.find((container) => container.name === "pgbouncer");
  return {
    owner,
    namespace,
    labelSets: [{ "cnpg.io/poolerName": name, "cnpg.io/podRole": "pooler" }],
    spec: {
      ...template?.spec,
      containers: [{
        ...own,
        name: "pgbouncer",
        ports: [
          { name: "pgbouncer", containerPort: 5432 },
          { name: "metrics", containerPort: 9127 },
        ],
      }],
    },
    least: instances,
    most: instances,
    claims: [],
  };
}
