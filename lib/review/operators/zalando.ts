import type { Manifest } from "../../core/object.ts";
import type { Container, ContainerPort, PodSpec } from "../pods.ts";
import { claim, type MadePods } from "./made.ts";

/** Source: zalando/postgres-operator, acid.zalan.do/v1 PostgresSpec. */
interface Spec {
  teamId?: string;
  numberOfInstances?: number;
  volume?: { size?: string; storageClass?: string };
  resources?: Container["resources"];
  nodeAffinity?: unknown;
  tolerations?: PodSpec["tolerations"];
  enableConnectionPooler?: boolean;
  enableReplicaConnectionPooler?: boolean;
  connectionPooler?: { numberOfInstances?: number; resources?: Container["resources"] };
  sidecars?: { name: string; ports?: ContainerPort[]; resources?: Container["resources"] }[];
}

/** Resources of a pooler that names none. Source: zalando/postgres-operator, connection_pooler_default_cpu_request and the like. */
const poolerResources = {
  requests: { cpu: "500m", memory: "100Mi" },
  limits: { cpu: "1", memory: "100Mi" },
};

/** Source: zalando/postgres-operator, connection_pooler_number_of_instances. */
const poolerCount = 2;

/**
 * Pods of a `postgresql` of Zalando's operator: those of the database, and of its poolers.
 * Source: zalando/postgres-operator, pkg/cluster/k8sres.go and connection_pooler.go.
 */
export function zalandoPods(owner: Manifest): MadePods[] {
  if (owner.kind !== "postgresql" || !owner.apiVersion.startsWith("acid.zalan.do/")) return [];
  const { name, namespace = "default" } = owner.metadata;
  const spec = (owner["spec"] ?? {}) as Spec;
  const { numberOfInstances = 1, sidecars = [], connectionPooler } = spec;
  const pooled = spec.enableConnectionPooler ?? connectionPooler !== undefined;
  return [
    {
      owner,
      namespace,
      labelSets: ["master", "replica"].map((role) => ({
        application: "spilo",
        "cluster-name": name,
        "spilo-role": role,
        ...(spec.teamId === undefined ? {} : { team: spec.teamId }),
      })),
      spec: {
        containers: [
          {
            name: "postgres",
            ports: [{ containerPort: 8008 }, { containerPort: 5432 }, { containerPort: 8080 }],
            ...(spec.resources === undefined ? {} : { resources: spec.resources }),
          },
          ...sidecars,
        ],
        ...(spec.tolerations === undefined ? {} : { tolerations: spec.tolerations }),
      },
      least: numberOfInstances,
      most: numberOfInstances,
      claims: claim("pgdata", spec.volume?.size, spec.volume?.storageClass),
    },
    ...[
      ...(pooled ? [`${name}-pooler`] : []),
      ...(spec.enableReplicaConnectionPooler === true ? [`${name}-pooler-repl`] : []),
    ].map((pooler): MadePods => ({
      owner,
      namespace,
      labelSets: [{
        application: "db-connection-pooler",
        "cluster-name": name,
        "connection-pooler": pooler,
      }],
      spec: {
        containers: [{
          name: "connection-pooler",
          ports: [{ containerPort: 5432 }],
          resources: connectionPooler?.resources ?? poolerResources,
        }],
      },
      least: connectionPooler?.numberOfInstances ?? poolerCount,
      most: connectionPooler?.numberOfInstances ?? poolerCount,
      claims: [],
    })),
  ];
}
