import type { Manifest } from "../../core/object.ts";
import { certManagerRules, externalSecretsRules, sealedSecretsRules } from "./operator_rules.ts";
import type { PolicyRule } from "./policy_rule.ts";
import type { Service } from "./service.ts";

/** An operator that can run beside an embedded cluster. */
export type OperatorName = "sealed-secrets" | "external-secrets" | "cert-manager";

/** How an operator runs beside an embedded cluster. */
export interface Operator {
  /** Its name; also that of its service. */
  name: OperatorName;
  /** Name of its program. */
  program: string;
  /** Namespace that its service account is in, as upstream's instructions have it. */
  namespace: string;
  /** Name of its service account. */
  account: string;
  /** API groups of its kinds, each with a version. */
  kinds: readonly string[];
  /** What its service account may do in all namespaces. */
  rules: readonly PolicyRule[];
  /** Port on which it serves. */
  port: number;
  /** Its arguments. */
  args: (at: { address: string; namespace: string }) => string[];
  /** Its environment, without secrets. */
  env?: Readonly<Record<string, string>>;
}

/** The operators that can run beside an embedded cluster, by name. */
export const operators: Readonly<Record<OperatorName, Operator>> = {
  "sealed-secrets": {
    name: "sealed-secrets",
    program: "sealed-secrets-controller",
    namespace: "kube-system",
    account: "sealed-secrets-controller",
    kinds: ["bitnami.com/v1alpha1"],
    rules: sealedSecretsRules,
    port: 8080,
    args: (
      { address },
    ) => [`--listen-addr=${address}:8080`, `--listen-metrics-addr=${address}:8081`],
  },
  "external-secrets": {
    name: "external-secrets",
    program: "external-secrets",
    namespace: "external-secrets-system",
    account: "external-secrets",
    kinds: ["external-secrets.io/v1", "generators.external-secrets.io/v1alpha1"],
    rules: externalSecretsRules,
    port: 8080,
    args: ({ address }) => [
      `--metrics-addr=${address}:8080`,
      "--concurrent=4",
      // Stores that could not be used are looked at again soon: here they often come before their Vault.
      "--store-requeue-interval=10s",
    ],
  },
  "cert-manager": {
    name: "cert-manager",
    program: "cert-manager-controller",
    namespace: "cert-manager",
    account: "cert-manager",
    kinds: ["cert-manager.io/v1", "acme.cert-manager.io/v1"],
    rules: certManagerRules,
    port: 9402,
    args: ({ address, namespace }) => [
      "--leader-elect=false",
      `--cluster-resource-namespace=${namespace}`,
      `--metrics-listen-address=${address}:9402`,
      // Gateway API's kinds are there only where a platform uses them.
      "--controllers=*,-gateway-shim",
    ],
    // A rehearsal asks no public authority: whatever is not on this machine ends at a port where nobody listens.
    env: {
      HTTPS_PROXY: "http://127.0.0.1:1",
      HTTP_PROXY: "http://127.0.0.1:1",
      NO_PROXY: "127.0.0.0/8,localhost,.svc,.svc.cluster.local",
    },
  },
};

/** Names of the operators. */
export const operatorNames = Object.keys(operators) as readonly OperatorName[];

/** The service of an operator. */
export function operatorService(
  { name, program, account, args, env, port }: Operator,
  { address, namespace }: { address: string; namespace: string },
): Service {
  return {
    name,
    program,
    args: args({ address, namespace }),
    ...(env === undefined ? {} : { env: { ...env } }),
    account: { namespace, name: account },
    folder: `volumes/${name}`,
    listensAt: { address, port },
  };
}

/** Its service account, with what that may do. Kinds and the namespace are not among them. */
export function operatorAccess(
  { name, account, rules }: Operator,
  namespace: string,
): Manifest[] {
  const group = "rbac.authorization.k8s.io";
  const role = `${name}-controller`;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } },
    { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata: { name: role }, rules },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
  ];
}
