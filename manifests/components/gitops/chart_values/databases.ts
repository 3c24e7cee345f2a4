import type {
  CloudNativePgValues,
  PostgresOperatorValues,
} from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Source: cloudnative-pg/charts, charts/cloudnative-pg values.yaml. */
export function cloudNativePg({ replicas, resources, metrics }: CloudNativePgValues): HelmValues {
  return {
    crds: { create: false },
    replicaCount: replicas,
    resources,
    monitoring: { podMonitorEnabled: metrics },
  };
}

/** Source: zalando/postgres-operator v1.15, charts/postgres-operator values.yaml. */
export function postgresOperator(options: PostgresOperatorValues): HelmValues {
  const { resources, podConfig, podSecret, crossNamespaceSecrets } = options;
  return {
    resources,
    configGeneral: { enable_crd_registration: false },
    configKubernetes: {
      // A primary and its standby on one node would go down together.
      enable_pod_antiaffinity: true,
      spilo_allow_privilege_escalation: false,
      pod_environment_configmap: podConfig,
      pod_environment_secret: podSecret,
      enable_cross_namespace_secret: crossNamespaceSecrets,
    },
  };
}
