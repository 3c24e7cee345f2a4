import { z } from "zod";
import { alerts } from "./alerts.ts";
import { dashboards } from "./dashboards.ts";
import * as part from "./parts.ts";
import { resources } from "./workload.ts";

const secretKey = { secret: part.name, key: part.dataKey };
const storage = z.strictObject({ storageClass: part.name, size: part.quantity });
const exporter = { image: part.image, resources };
const store = z.strictObject({
  ...exporter,
  retentionDays: part.atLeastOne,
  storage,
});

const prometheus = z.strictObject({
  image: part.image,
  replicas: part.atLeastOne,
  retentionDays: part.atLeastOne,
  retentionSize: part.text(/^\d+(MB|GB|TB)$/, "a size such as 90GB").optional(),
  storage,
  resources,
  scrapeInterval: part.duration.default("30s"),
  thanos: z.strictObject({ ...secretKey, ...exporter }).optional(),
});

const receiver = z.strictObject({
  slack: z.strictObject({
    ...secretKey,
    channel: part.text(/^#\S+$/, 'a channel with its #, in quotes, such as "#alerts"'),
  }).optional(),
  pagerduty: z.strictObject(secretKey).optional(),
  email: z.strictObject({
    ...secretKey,
    to: part.email,
    from: part.email,
    server: part.text(
      /^[a-z0-9.-]+:\d+$/,
      "a mail server with its port, such as mail.example.org:587",
    ),
  }).optional(),
}).superRefine(part.atLeastOneOf("slack", "pagerduty", "email"));

const alertmanager = z.strictObject({
  image: part.image,
  replicas: part.atLeastOne,
  storage: storage.optional(),
  resources,
  receivers: z.record(part.name, receiver),
  routes: z.strictObject({ critical: part.name, warning: part.name }),
});

const place = z.strictObject({ namespace: part.name.optional() }).optional();

const scrape = z.strictObject({
  systems: z.strictObject({
    "kube-apiserver": place,
    "kubelet": place,
    "ingress-nginx": place,
    "traefik": place,
    "envoy-gateway": place,
    "cert-manager": place,
    "argo-cd": place,
    "external-secrets": place,
    "sealed-secrets": place,
    "longhorn": place,
    "velero": place,
  }).default({}),
  targets: z.record(
    part.name,
    z.strictObject({
      namespace: part.name,
      podLabels: part.labels,
      port: part.portName,
      path: part.absolutePath.optional(),
      interval: part.duration.optional(),
    }),
  ).default({}),
});

const grafana = z.strictObject({
  ...exporter,
  replicas: part.atLeastOne,
  host: part.host,
  admin: z.strictObject(secretKey),
  database: z.strictObject({
    host: part.text(/^[a-z0-9.-]+:\d+$/, "a host with its port, such as postgres.data.svc:5432"),
    name: z.string().min(1),
    secret: part.secretName,
    userKey: part.dataKey.default("username"),
    passwordKey: part.dataKey.default("password"),
    sslMode: z.enum(["disable", "require", "verify-ca", "verify-full"]).default("require"),
  }).optional(),
  sso: z.strictObject({
    name: z.string().min(1),
    secret: part.name,
    clientIdKey: part.dataKey.default("client-id"),
    clientSecretKey: part.dataKey.default("client-secret"),
    authUrl: part.url,
    tokenUrl: part.url,
    apiUrl: part.url,
    scopes: z.array(z.string().min(1)).min(1).default(["openid", "profile", "email"]),
    roleAttributePath: z.string().min(1).optional(),
    roleAttributeStrict: z.boolean().optional(),
  }).optional(),
  authProxy: z.strictObject({
    header: part.text(/^[A-Za-z0-9-]+$/, "a header such as X-Forwarded-User"),
    role: z.enum(["Viewer", "Editor", "Admin"]).default("Viewer"),
  }).optional(),
  dashboards,
});

const monitoring = z.strictObject({
  namespace: part.name,
  shared: z.boolean().optional().describe("Take in monitors and rules of all platforms"),
  prometheus,
  alertmanager: alertmanager.optional(),
  scrape: scrape.default({ systems: {}, targets: {} }),
  nodeExporter: z.strictObject({ ...exporter, namespace: part.name.optional() }).optional(),
  kubeStateMetrics: z.strictObject(exporter).optional(),
  loki: store.optional(),
  tempo: store.optional(),
  logCollector: z.strictObject({
    ...exporter,
    agent: z.enum(["alloy", "promtail"]).default("alloy"),
    namespace: part.name.optional(),
  }).optional(),
  grafana: grafana.optional(),
  alerts: alerts.default({}),
});

/** @ignore */
export const monitoringSections = {
  monitoring: monitoring.optional().describe("Metrics, logs, traces, dashboards and alerts"),
};
