import type { Alert } from "./alerts.ts";
import type { Grafana } from "./grafana.ts";
import type { Resources, SecretKey } from "./container.ts";

/** Sections of a platform about how it is watched. */
export interface MonitoringSections {
  /** Metrics, logs, traces, dashboards and alerts. */
  monitoring?: Monitoring;
}

/** Metrics, logs, traces, dashboards and alerts of a platform. */
export interface Monitoring {
  /** Namespace that all of it lives in. */
  namespace: string;
  /** Take in monitors and rules of all platforms of the cluster, not of this one alone. @default false */
  shared?: boolean;
  /** The Prometheus servers. */
  prometheus: PrometheusServer;
  /** Who is told of alerts. */
  alertmanager?: AlertmanagerServer;
  /** What is scraped besides the metrics that workloads and databases declare. */
  scrape: Scrape;
  /** Metrics of each node, by a pod on each. */
  nodeExporter?: NodeExporter;
  /** Metrics of what the Kubernetes API holds. */
  kubeStateMetrics?: MetricsExporter;
  /** Where logs are kept. */
  loki?: LogStore;
  /** Where traces are kept. */
  tempo?: TraceStore;
  /** What sends the logs of all pods to Loki, by a pod on each node. */
  logCollector?: LogCollector;
  /** Dashboards. */
  grafana?: Grafana;
  /** Alerts, by name. */
  alerts: Record<string, Alert>;
}

/** Storage of each pod of a server. */
export interface ServerStorage {
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** Size, such as `100Gi`. */
  size: string;
}

/** Prometheus servers that each scrape everything. */
export interface PrometheusServer {
  /** Image with a tag that is Prometheus' version, such as `quay.io/prometheus/prometheus:v3.7.3`. */
  image: string;
  /** Number of servers; several are kept on nodes of their own. */
  replicas: number;
  /** How long samples are kept, in days. */
  retentionDays: number;
  /** Most that samples may take, such as `90GB`; the oldest go first. */
  retentionSize?: string;
  /** Where each server keeps its samples. */
  storage: ServerStorage;
  /** What a server is promised, and what it may use at most. */
  resources: Resources;
  /** Time between two scrapes of a target. @default 30s */
  scrapeInterval: string;
  /** Sends samples to object storage, where they are kept for longer. */
  thanos?: ThanosSidecar;
}

/** A Thanos sidecar; the Secret's key holds Thanos' own configuration of the object storage. */
export interface ThanosSidecar extends SecretKey {
  /** Image of Thanos. */
  image: string;
  /** What the sidecar is promised, and what it may use at most. */
  resources: Resources;
}

/** Alertmanagers that tell people of alerts. */
export interface AlertmanagerServer {
  /** Image with a tag that is Alertmanager's version, such as `quay.io/prometheus/alertmanager:v0.28.1`. */
  image: string;
  /** Number of servers; several agree on who tells whom. */
  replicas: number;
  /** Where each keeps silences and what it has told; lost with the pod when absent. */
  storage?: ServerStorage;
  /** What a server is promised, and what it may use at most. */
  resources: Resources;
  /** Whom it can tell, by name. */
  receivers: Record<string, Receiver>;
  /** Which receiver is told of alerts, by their severity. */
  routes: AlertRoutes;
}

/** Receivers by severity. */
export interface AlertRoutes {
  /** Receiver of critical alerts. */
  critical: string;
  /** Receiver of warnings, and of alerts of any other severity. */
  warning: string;
}

/** Someone who is told: at least one of `slack`, `pagerduty` and `email`. */
export interface Receiver {
  /** A Slack channel. */
  slack?: SlackReceiver;
  /** A PagerDuty service; the Secret's key holds its Events API v2 routing key. */
  pagerduty?: SecretKey;
  /** A mailbox. */
  email?: EmailReceiver;
}

/** A Slack channel; the Secret's key holds the URL of an incoming webhook. */
export interface SlackReceiver extends SecretKey {
  /** Channel with its `#`, such as `#alerts`. */
  channel: string;
}

/** A mailbox; the Secret's key holds the sender's password. */
export interface EmailReceiver extends SecretKey {
  /** Address that is written to. */
  to: string;
  /** Address that it comes from, also the name to log in with. */
  from: string;
  /** Mail server with its port, such as `mail.example.org:587`. */
  server: string;
}

/** Systems of which it is known where their metrics are. */
export type ScrapedSystem =
  | "kube-apiserver"
  | "kubelet"
  | "ingress-nginx"
  | "traefik"
  | "envoy-gateway"
  | "cert-manager"
  | "argo-cd"
  | "external-secrets"
  | "sealed-secrets"
  | "longhorn"
  | "velero";

/** What is scraped besides the metrics that workloads and databases declare. */
export interface Scrape {
  /** Systems that run on the cluster. */
  systems: Partial<Record<ScrapedSystem, ScrapedPlace>>;
  /** Pods by namespace and labels, by name. */
  targets: Record<string, ScrapeTarget>;
}

/** Where a system runs. */
export interface ScrapedPlace {
  /** Namespace of its pods. @default the one that its own installation takes */
  namespace?: string;
}

/** Pods that are scraped. */
export interface ScrapeTarget {
  /** Namespace of the pods. */
  namespace: string;
  /** Labels of the pods. */
  podLabels: Record<string, string>;
  /** Name of the port that has the metrics. */
  port: string;
  /** Path of the metrics. @default /metrics */
  path?: string;
  /** Time between two scrapes. @default Prometheus' own */
  interval?: string;
}

/** A program that has metrics to offer. */
export interface MetricsExporter {
  /** Its image. */
  image: string;
  /** What it is promised, and what it may use at most. */
  resources: Resources;
}

/** The node exporter, which sees its node's file systems and network. */
export interface NodeExporter extends MetricsExporter {
  /**
   * Namespace of its pods; its Pod Security level must be `privileged`, as the pods see their node.
   * @default the namespace of the monitoring
   */
  namespace?: string;
}

/** Loki, in one pod, with logs on its volume. */
export interface LogStore {
  /** Image of Loki. */
  image: string;
  /** How long logs are kept, in days. */
  retentionDays: number;
  /** Where they are kept. */
  storage: ServerStorage;
  /** What it is promised, and what it may use at most. */
  resources: Resources;
}

/** Tempo, in one pod, with traces on its volume; takes OTLP on ports 4317 (gRPC) and 4318 (HTTP). */
export interface TraceStore {
  /** Image of Tempo. */
  image: string;
  /** How long traces are kept, in days. */
  retentionDays: number;
  /** Where they are kept. */
  storage: ServerStorage;
  /** What it is promised, and what it may use at most. */
  resources: Resources;
}

/** A collector of logs. */
export interface LogCollector {
  /**
   * Which program it is. Alloy reads logs by the Kubernetes API and needs no rights on its node.
   * Promtail reads them from the node's disk as root, and has reached its end of life.
   * @default alloy
   */
  agent: "alloy" | "promtail";
  /** Its image. */
  image: string;
  /**
   * Namespace of its pods; for Promtail its Pod Security level must be `privileged`.
   * @default the namespace of the monitoring
   */
  namespace?: string;
  /** What each pod is promised, and what it may use at most. */
  resources: Resources;
}
