import type { Chart, Charts } from "../../../../lib/platform/types.ts";
import { argoCd } from "./argo_cd.ts";
import { certManager, externalSecrets, sealedSecrets, vaultInjector } from "./secrets.ts";
import type { HelmValues } from "./helm_values.ts";
import { cloudNativePg, postgresOperator } from "./databases.ts";
import { envoyGateway, ingressNginx, traefik } from "./edges.ts";
import { gitea } from "./gitea.ts";
import { harbor } from "./harbor.ts";
import { calico, longhorn, metricsServer, prometheusOperator, velero } from "./cluster.ts";
import { woodpecker } from "./woodpecker.ts";

type Mappings = {
  [Name in keyof Charts]-?: NonNullable<Charts[Name]> extends Chart<infer Values>
    ? (values: Values, namespace: string) => HelmValues
    : never;
};

const mappings: Mappings = {
  "argo-cd": argoCd,
  "cert-manager": certManager,
  "cloudnative-pg": cloudNativePg,
  "envoy-gateway": envoyGateway,
  "external-secrets": externalSecrets,
  gitea,
  harbor,
  "ingress-nginx": ingressNginx,
  "kube-prometheus-stack": prometheusOperator,
  longhorn,
  "metrics-server": metricsServer,
  "postgres-operator": postgresOperator,
  "sealed-secrets": sealedSecrets,
  "tigera-operator": calico,
  traefik,
  "vault-injector": vaultInjector,
  velero,
  woodpecker,
};

/** What a platform sets of a chart, and what Slipway always sets of it, as values for Helm. */
export function helmValues<Name extends keyof Charts>(name: Name, charts: Charts): HelmValues {
  const { values, namespace } = charts[name] as Chart<unknown>;
  const map = mappings[name] as (values: unknown, namespace: string) => HelmValues;
  return withoutEmpty(map(values, namespace)) as HelmValues;
}

/** What is not set stands nowhere, so that the chart's own default holds; null takes a default away. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, withoutEmpty(field)] as const);
  const kept = fields.filter(([, field]) => field !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
