import type {
  ArgoCdValues,
  CalicoValues,
  CertManagerValues,
  CloudNativePgValues,
  ExternalSecretsValues,
  LonghornValues,
  MetricsServerValues,
  PostgresOperatorValues,
  PrometheusOperatorValues,
  SealedSecretsValues,
  VaultInjectorValues,
  VeleroValues,
} from "./chart_values.ts";
import type {
  EnvoyGatewayValues,
  IngressNginxValues,
  TraefikValues,
} from "./chart_values_edges.ts";
import type { GiteaValues, HarborValues, WoodpeckerValues } from "./chart_values_services.ts";

/** Sections of a platform about systems of others that it brings along, or has in place of others. */
export interface ChartSections {
  /** Third-party systems, by their names in manifests/charts.yaml. */
  charts: Charts;
  /** What is used in place of things that came to an end, or why they stay, by their names under `ended` there. */
  replacements: Record<string, Replacement>;
}

/** Each third-party system that a platform can bring along. */
export interface Charts {
  /** Delivery from Git. */
  "argo-cd"?: Chart<ArgoCdValues>;
  /** TLS certificates. */
  "cert-manager"?: Chart<CertManagerValues>;
  /** Operator of Postgres clusters. */
  "cloudnative-pg"?: Chart<CloudNativePgValues>;
  /** Controller of Gateway API. */
  "envoy-gateway"?: Chart<EnvoyGatewayValues>;
  /** Secrets from Vault and clouds. */
  "external-secrets"?: Chart<ExternalSecretsValues>;
  /** Git server. */
  gitea?: Chart<GiteaValues>;
  /** Container registry. */
  harbor?: Chart<HarborValues>;
  /** Ingress controller; no longer maintained. */
  "ingress-nginx"?: Chart<IngressNginxValues>;
  /** Operator of Prometheus and Alertmanager. */
  "kube-prometheus-stack"?: Chart<PrometheusOperatorValues>;
  /** Distributed block storage. */
  longhorn?: Chart<LonghornValues>;
  /** CPU and memory figures, which autoscalers read. */
  "metrics-server"?: Chart<MetricsServerValues>;
  /** Zalando's operator of Postgres clusters. */
  "postgres-operator"?: Chart<PostgresOperatorValues>;
  /** Secrets that stand in Git encrypted. */
  "sealed-secrets"?: Chart<SealedSecretsValues>;
  /** Calico, which enforces network policies. */
  "tigera-operator"?: Chart<CalicoValues>;
  /** Ingress controller. */
  traefik?: Chart<TraefikValues>;
  /** Vault's Agent Injector, without a Vault. */
  "vault-injector"?: Chart<VaultInjectorValues>;
  /** Backups of objects and volumes. */
  velero?: Chart<VeleroValues>;
  /** Continuous integration. */
  woodpecker?: Chart<WoodpeckerValues>;
}

/** A third-party system, and how it is brought. */
export interface Chart<Values> {
  /** Namespace that it is installed into. */
  namespace: string;
  /** Who installs it: the Helm controller of k3s, or Argo CD. */
  via: "k3s" | "argocd";
  /** With `argocd`: one of the platform's `projects`. */
  project?: string;
  /** What is set differently from the chart's own defaults. */
  values: Values;
}

/** Exactly one of `by` and `keep`. */
export interface Replacement {
  /** What is used instead. */
  by?: string;
  /** Why the thing that came to an end is used nevertheless. */
  keep?: string;
}
