import type { Manifest } from "../../../lib/core/object.ts";
import type { ClusterRule, NamespacedRule, PodOptions } from "../../../lib/platform/types.ts";
import { serviceAccountOf } from "../../../lib/platform/workloads.ts";
import { define } from "../manifest.ts";
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  ServiceAccount,
} from "../types.ts";

const rbac = "rbac.authorization.k8s.io";

/** The service account of a program, and what it may ask of the API server. @ignore */
export function serviceAccount(name: string, options: PodOptions): Manifest[] {
  const { namespace, apiAccess = {} } = options;
  const account = serviceAccountOf(name, options);
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  const byNamespace = Map.groupBy(
    apiAccess.namespaced ?? [],
    (rule) => rule.namespace ?? namespace,
  );
  return [
    define<ServiceAccount>({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: account, namespace },
      automountServiceAccountToken: false,
      imagePullSecrets: options.imagePullSecrets?.map((secret) => ({ name: secret })),
    }),
    ...[...byNamespace].flatMap(([where, rules]) => {
      // In a namespace of others the name says whose it is.
      const metadata = {
        name: where === namespace ? name : `${namespace}-${name}`,
        namespace: where,
      };
      return [
        define<Role>({
          apiVersion: `${rbac}/v1`,
          kind: "Role",
          metadata,
          rules: rules.map(ruleOf),
        }),
        define<RoleBinding>({
          apiVersion: `${rbac}/v1`,
          kind: "RoleBinding",
          metadata,
          roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
          subjects,
        }),
      ];
    }),
    ...(apiAccess.clusterWide === undefined
      ? []
      : clusterWide(`${namespace}-${name}`, apiAccess.clusterWide, subjects)),
  ];
}

function clusterWide(
  name: string,
  rules: readonly ClusterRule[],
  subjects: { kind: string; name: string; namespace: string }[],
): Manifest[] {
  return [
    define<ClusterRole>({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRole",
      metadata: { name },
      rules: rules.map(ruleOf),
    }),
    define<ClusterRoleBinding>({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects,
    }),
  ];
}

function ruleOf(
  rule: NamespacedRule | ClusterRule,
): NonNullable<ClusterRole["rules"]>[number] {
  return {
    apiGroups: rule.resources === undefined ? undefined : [...(rule.apiGroups ?? [""])],
    resources: rule.resources && [...rule.resources],
    resourceNames: rule.resourceNames && [...rule.resourceNames],
    nonResourceURLs: "nonResourceUrls" in rule && rule.nonResourceUrls !== undefined
      ? [...rule.nonResourceUrls]
      : undefined,
    verbs: [...rule.verbs],
  };
}
