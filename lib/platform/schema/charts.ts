import { z } from "zod";
import { chartValues } from "./chart_values.ts";
import * as part from "./parts.ts";

/** A chart that cannot run without some values. */
function chart<T extends z.ZodRawShape>(values: z.ZodObject<T, z.core.$strict>) {
  return z.strictObject({
    namespace: part.name,
    via: z.enum(["k3s", "argocd"]).default("k3s"),
    project: part.name.optional(),
    values,
  }).optional();
}

/** A chart of which nothing has to be set. */
function free<T extends z.ZodRawShape>(values: z.ZodObject<T, z.core.$strict>) {
  return chart(values).unwrap().extend({ values: values.default({} as never) }).optional();
}

/** @ignore */
export const chartSections = {
  charts: z.strictObject({
    "argo-cd": free(chartValues["argo-cd"]),
    "cert-manager": free(chartValues["cert-manager"]),
    "cloudnative-pg": free(chartValues["cloudnative-pg"]),
    "envoy-gateway": free(chartValues["envoy-gateway"]),
    "external-secrets": free(chartValues["external-secrets"]),
    gitea: chart(chartValues.gitea),
    harbor: chart(chartValues.harbor),
    "ingress-nginx": free(chartValues["ingress-nginx"]),
    "kube-prometheus-stack": free(chartValues["kube-prometheus-stack"]),
    longhorn: free(chartValues.longhorn),
    "metrics-server": free(chartValues["metrics-server"]),
    "postgres-operator": free(chartValues["postgres-operator"]),
    "sealed-secrets": free(chartValues["sealed-secrets"]),
    "tigera-operator": free(chartValues["tigera-operator"]),
    traefik: free(chartValues.traefik),
    "vault-injector": chart(chartValues["vault-injector"]),
    velero: chart(chartValues.velero),
    woodpecker: chart(chartValues.woodpecker),
  }).default({}).describe("Systems of others, by their names in manifests/charts.yaml"),
  replacements: z.record(
    part.text(/^[a-z0-9][a-z0-9.-]*$/, "a name under `ended` of manifests/charts.yaml"),
    z.strictObject({
      by: z.string().min(1).optional(),
      keep: z.string().min(1).optional(),
    }).superRefine(part.exactlyOneOf("by", "keep")),
  ).default({}).describe("What is used in place of things that came to an end, or why they stay"),
};
