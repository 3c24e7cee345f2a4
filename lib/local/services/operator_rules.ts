import type { PolicyRule } from "./policy_rule.ts";

const read = ["get", "list", "watch"];

function rule(
  apiGroups: readonly string[],
  resources: readonly string[],
  verbs: readonly string[],
): PolicyRule {
  return { apiGroups, resources, verbs };
}

const events = rule([""], ["events"], ["create", "patch"]);

/** What the sealed-secrets controller does. Source: sealed-secrets, helm/sealed-secrets/templates/cluster-role.yaml and role.yaml. */
export const sealedSecretsRules: readonly PolicyRule[] = [
  rule(["bitnami.com"], ["sealedsecrets"], read),
  rule(["bitnami.com"], ["sealedsecrets/status"], ["update"]),
  rule([""], ["secrets"], [...read, "create", "update", "delete"]),
  events,
];

const stores = ["secretstores", "clustersecretstores"];
const synced = ["externalsecrets", "clusterexternalsecrets", "pushsecrets", "clusterpushsecrets"];

/** What External Secrets does. Source: external-secrets, deploy/charts/external-secrets/templates/rbac.yaml. */
export const externalSecretsRules: readonly PolicyRule[] = [
  rule(["external-secrets.io"], [...stores, ...synced], [...read, "update", "patch"]),
  rule(["external-secrets.io"], ["externalsecrets", "pushsecrets"], ["create", "delete"]),
  rule(
    ["external-secrets.io"],
    [...stores, ...synced].flatMap((kind) => [`${kind}/status`, `${kind}/finalizers`]),
    ["get", "update", "patch"],
  ),
  rule(["generators.external-secrets.io"], ["*"], read),
  rule(
    ["generators.external-secrets.io"],
    ["generatorstates"],
    ["create", "update", "patch", "delete", "deletecollection"],
  ),
  rule([""], ["serviceaccounts", "namespaces", "configmaps"], read),
  rule([""], ["secrets"], [...read, "create", "update", "delete", "patch"]),
  rule([""], ["serviceaccounts/token"], ["create"]),
  events,
];

const issuers = ["issuers", "clusterissuers"];
const certificates = ["certificates", "certificaterequests"];
const orders = ["orders", "challenges"];

/** What cert-manager's controller does, without Gateway API and OpenShift. Source: cert-manager, deploy/charts/cert-manager/templates/rbac.yaml. */
export const certManagerRules: readonly PolicyRule[] = [
  rule(["cert-manager.io"], [...issuers, ...certificates], [...read, "update", "patch"]),
  rule(["cert-manager.io"], certificates, ["create", "delete"]),
  rule(
    ["cert-manager.io"],
    [
      ...[...issuers, ...certificates].map((kind) => `${kind}/status`),
      ...certificates.map((kind) => `${kind}/finalizers`),
    ],
    ["update", "patch"],
  ),
  {
    ...rule(["cert-manager.io"], ["signers"], ["approve"]),
    resourceNames: ["issuers.cert-manager.io/*", "clusterissuers.cert-manager.io/*"],
  },
  rule(["acme.cert-manager.io"], orders, [...read, "create", "delete", "update", "patch"]),
  rule(
    ["acme.cert-manager.io"],
    orders.flatMap((kind) => [`${kind}/status`, `${kind}/finalizers`]),
    ["update", "patch"],
  ),
  rule([""], ["secrets"], [...read, "create", "update", "delete", "patch"]),
  rule([""], ["pods", "services"], [...read, "create", "delete"]),
  rule(["networking.k8s.io"], ["ingresses"], [...read, "create", "update", "delete"]),
  rule(["networking.k8s.io"], ["ingresses/finalizers"], ["update"]),
  rule(["certificates.k8s.io"], ["certificatesigningrequests"], [...read, "update"]),
  rule(["certificates.k8s.io"], ["certificatesigningrequests/status"], ["update", "patch"]),
  {
    ...rule(["certificates.k8s.io"], ["signers"], ["sign"]),
    resourceNames: ["issuers.cert-manager.io/*", "clusterissuers.cert-manager.io/*"],
  },
  rule(["authorization.k8s.io"], ["subjectaccessreviews"], ["create"]),
  events,
];
