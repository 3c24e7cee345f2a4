import type { AccessRole } from "../../../lib/platform/types.ts";
import type { PolicyRule } from "../types.ts";

const read = ["get", "list", "watch"];
const write = ["create", "update", "patch", "delete", "deletecollection"];
const rollOut = ["create", "update", "patch"];

/** Resources of the core group that hold no secret and let nobody run anything. Source: Kubernetes API reference, v1. */
const plain = [
  "configmaps",
  "endpoints",
  "events",
  "limitranges",
  "persistentvolumeclaims",
  "pods",
  "pods/log",
  "replicationcontrollers",
  "resourcequotas",
  "serviceaccounts",
  "services",
];

/** Groups of the API itself, their resources and those of controllers that hold no secret. */
const readableGroups = [
  "apps",
  "autoscaling",
  "batch",
  "discovery.k8s.io",
  "events.k8s.io",
  "networking.k8s.io",
  "policy",
  "storage.k8s.io",
  "scheduling.k8s.io",
  "apiextensions.k8s.io",
  "metrics.k8s.io",
  // Custom resources, which name Secrets and do not hold their values; a SealedSecret holds them encrypted.
  "acid.zalan.do",
  "argoproj.io",
  "bitnami.com",
  "cert-manager.io",
  "acme.cert-manager.io",
  "external-secrets.io",
  "gateway.envoyproxy.io",
  "gateway.networking.k8s.io",
  "longhorn.io",
  "monitoring.coreos.com",
  "postgresql.cnpg.io",
  "traefik.io",
  "velero.io",
];

/** Configuration of routes and metrics that belongs to an application more than to its platform. */
const routing: PolicyRule[] = [
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: write },
  {
    apiGroups: ["gateway.networking.k8s.io"],
    resources: ["httproutes", "grpcroutes"],
    verbs: write,
  },
  { apiGroups: ["traefik.io"], resources: ["ingressroutes", "middlewares"], verbs: write },
  {
    apiGroups: ["monitoring.coreos.com"],
    resources: ["servicemonitors", "podmonitors", "prometheusrules"],
    verbs: write,
  },
];

const inspect: PolicyRule[] = [
  { apiGroups: [""], resources: plain, verbs: read },
  { apiGroups: readableGroups, resources: ["*"], verbs: read },
];

/**
 * What a role may do. None can read Secrets, change roles, or act as a service account, which would give it what
 * it was not given here; `cluster-admin` is Kubernetes' own and has no rules of ours.
 * Source: Kubernetes, "Role Based Access Control Good Practices".
 */
export const accessRules: Record<Exclude<AccessRole, "cluster-admin">, PolicyRule[]> = {
  viewer: [
    {
      apiGroups: [""],
      resources: [...plain, "namespaces", "nodes", "persistentvolumes"],
      verbs: read,
    },
    { apiGroups: readableGroups, resources: ["*"], verbs: read },
  ],
  developer: [
    ...inspect,
    {
      apiGroups: [""],
      resources: ["configmaps", "persistentvolumeclaims", "pods", "services"],
      verbs: write,
    },
    {
      apiGroups: [""],
      resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/eviction"],
      verbs: ["get", "create"],
    },
    { apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
    {
      apiGroups: ["apps"],
      resources: [
        "daemonsets",
        "deployments",
        "deployments/scale",
        "replicasets",
        "statefulsets",
        "statefulsets/scale",
      ],
      verbs: write,
    },
    { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: write },
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: write },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: write },
    ...routing,
  ],
  "ci-cd": [
    { apiGroups: [""], resources: ["pods", "pods/log", "events"], verbs: read },
    { apiGroups: [""], resources: ["configmaps", "services"], verbs: [...read, ...rollOut] },
    {
      apiGroups: ["apps"],
      resources: ["daemonsets", "deployments", "statefulsets"],
      verbs: [...read, ...rollOut],
    },
    { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
    {
      apiGroups: ["apps"],
      resources: ["deployments/scale", "statefulsets/scale"],
      verbs: ["patch"],
    },
    { apiGroups: ["batch"], resources: ["cronjobs"], verbs: [...read, ...rollOut] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: [...read, ...rollOut, "delete"] },
  ],
};
