import type { Charts, NumberedPort, Platform } from "./types.ts";

/** What a chart makes that flows and routes of a platform name. */
export interface ChartParts {
  /** Labels of its pods. */
  podLabels: Readonly<Record<string, string>>;
  /** Ports of its pods, by the names that flows may use. */
  ports: Readonly<Record<string, number>>;
  /** Services that routes may name, with their port numbers. */
  services?: Readonly<Record<string, readonly number[]>>;
}

/**
 * Charts whose pods are at ends of flows; controllers that take requests in, and Velero, are ends already.
 * Sources: the charts' templates; releases have the charts' names here, which some labels repeat.
 */
const parts: Partial<Record<keyof Charts, ChartParts>> = {
  "argo-cd": {
    podLabels: { "app.kubernetes.io/part-of": "argocd" },
    ports: { http: 8080, repository: 8081, redis: 6379 },
    services: { "argocd-server": [80, 443] },
  },
  "cert-manager": {
    podLabels: { "app.kubernetes.io/instance": "cert-manager" },
    ports: { webhook: 10250, metrics: 9402 },
  },
  "cloudnative-pg": {
    podLabels: { "app.kubernetes.io/name": "cloudnative-pg" },
    ports: { webhook: 9443, metrics: 8080 },
  },
  "envoy-gateway": {
    podLabels: { "control-plane": "envoy-gateway" },
    ports: { xds: 18000, ratelimit: 18001, metrics: 19001 },
  },
  "external-secrets": {
    podLabels: { "app.kubernetes.io/instance": "external-secrets" },
    ports: { webhook: 10250, metrics: 8080 },
  },
  gitea: {
    podLabels: { "app.kubernetes.io/name": "gitea" },
    ports: { http: 3000, ssh: 2222 },
    services: { "gitea-http": [3000], "gitea-ssh": [22] },
  },
  harbor: {
    podLabels: { app: "harbor" },
    ports: { http: 8080, metrics: 8001 },
    services: { harbor: [80] },
  },
  "kube-prometheus-stack": {
    podLabels: { app: "kube-prometheus-stack-operator" },
    ports: { https: 10250 },
  },
  longhorn: {
    podLabels: { app: "longhorn-ui" },
    ports: { http: 8000 },
    services: { "longhorn-frontend": [80] },
  },
  "postgres-operator": {
    podLabels: { "app.kubernetes.io/name": "postgres-operator" },
    ports: { http: 8080 },
  },
  "sealed-secrets": {
    podLabels: { "app.kubernetes.io/name": "sealed-secrets" },
    ports: { http: 8080, metrics: 8081 },
    services: { "sealed-secrets-controller": [8080] },
  },
  "vault-injector": {
    podLabels: { "app.kubernetes.io/name": "vault-agent-injector" },
    ports: { https: 8080 },
  },
  woodpecker: {
    podLabels: { "app.kubernetes.io/instance": "woodpecker" },
    ports: { http: 8000, grpc: 9000 },
    services: { "woodpecker-server": [80, 9000] },
  },
};

/** A chart at an end of a flow. */
export interface ChartEnd {
  /** Name of the chart. */
  name: string;
  /** Namespace of its pods. */
  namespace: string;
  /** Labels of its pods. */
  podLabels: Record<string, string>;
  /** Ports of its pods, by the names that flows may use. */
  ports: Record<string, NumberedPort>;
}

/** The charts of a platform that flows may name. */
export function chartEnds({ charts }: Pick<Platform, "charts">): ChartEnd[] {
  return used(charts).map(({ name, namespace, podLabels, ports }) => ({
    name,
    namespace,
    podLabels: { ...podLabels },
    ports: Object.fromEntries(
      Object.entries(ports).map(([port, number]) => [port, { port: number }]),
    ),
  }));
}

/** A Service that a chart makes. */
export interface ChartService {
  /** Namespace of the Service. */
  namespace: string;
  /** Name of the Service. */
  name: string;
  /** Port numbers. */
  ports: readonly number[];
}

/** Services of a platform's charts that routes may name. */
export function chartServices({ charts }: Pick<Platform, "charts">): ChartService[] {
  return used(charts).flatMap(({ namespace, services = {} }) =>
    Object.entries(services).map(([name, ports]) => ({ namespace, name, ports }))
  );
}

function used(charts: Charts): (ChartParts & { name: string; namespace: string })[] {
  return Object.entries(charts).flatMap(([name, chart]) => {
    const known = parts[name as keyof Charts];
    return chart === undefined || known === undefined
      ? []
      : [{ name, namespace: chart.namespace, ...known }];
  });
}
