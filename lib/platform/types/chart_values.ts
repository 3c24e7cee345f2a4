import type { SecretKey } from "./container.ts";
import type { Resources } from "./container.ts";

/** A controller that can run several times, of which one leads. */
export interface ControllerValues {
  /** Number of pods. @default 1 */
  replicas?: number;
  /** What each pod is promised, and what it may use at most. @default the chart's */
  resources?: Resources;
}

/** A controller whose figures Prometheus can read. */
export interface MeasuredValues extends ControllerValues {
  /** Make a ServiceMonitor for it. @default false */
  metrics?: boolean;
}

/** What is set of the chart cert-manager; the same for its controller, webhook and CA injector. */
export type CertManagerValues = MeasuredValues;

/** What is set of the chart external-secrets; the same for its controller, webhook and certificate controller. */
export type ExternalSecretsValues = MeasuredValues;

/** What is set of the chart cloudnative-pg. */
export type CloudNativePgValues = MeasuredValues;

/** What is set of the chart metrics-server. */
export type MetricsServerValues = ControllerValues;

/** What is set of the chart sealed-secrets. */
export interface SealedSecretsValues {
  /** What its pod is promised, and what it may use at most. @default the chart's */
  resources?: Resources;
  /** A new key pair is made after so many days; old ones go on opening what they sealed. @default 30 */
  keyRenewalDays?: number;
  /** Make a ServiceMonitor for it. @default false */
  metrics?: boolean;
}

/** What is set of the chart argo-cd. */
export interface ArgoCdValues {
  /** Host name under which it is reached; TLS ends at the route. */
  host?: string;
  /** The server of API and user interface. */
  server?: ControllerValues;
  /** What reads repositories and renders them. */
  repoServer?: ControllerValues;
  /** What compares and syncs; several share the clusters among them. */
  controller?: ControllerValues;
  /** Redis with Sentinel in place of a single one. @default false */
  highlyAvailableRedis?: boolean;
  /** Login by an identity provider. */
  oidc?: ArgoCdLogin;
  /** Make ServiceMonitors. @default false */
  metrics?: boolean;
}

/** Source: Argo CD, "Existing OIDC provider" and "RBAC configuration". */
export interface ArgoCdLogin {
  /** Name on the login button. */
  name: string;
  /** URL of the provider. */
  issuer: string;
  /** Id of the client. */
  clientId: string;
  /** Secret of the client, in a Secret of Argo CD's namespace labelled `app.kubernetes.io/part-of: argocd`. */
  clientSecret: SecretKey;
  /** Groups that may do everything; all others may look. */
  adminGroups: string[];
}

/** What is set of the chart longhorn; the rest is in the section `longhorn`. */
export interface LonghornValues {
  /** Copies of each volume whose class says nothing else. @default 3 */
  defaultReplicas?: number;
  /** Pods of the user interface. @default 2 */
  uiReplicas?: number;
  /** How much may be promised of a disk's size, in percent. @default 100 */
  overProvisioningPercent?: number;
  /** How much of a disk stays free, in percent. @default 25 */
  minimalAvailablePercent?: number;
}

/** What is set of the chart velero. */
export interface VeleroValues {
  /** What its server is promised, and what it may use at most. @default the chart's */
  resources?: Resources;
  /** Plugins, as images with a tag. */
  plugins: string[];
  /** Secret with the object store's credentials under the key `cloud`. */
  credentialsSecret: string;
  /** Run an agent on each node, which copies files of volumes. @default false */
  nodeAgent?: boolean;
  /** Take snapshots by CSI. @default false */
  csiSnapshots?: boolean;
  /** Make a ServiceMonitor for it. @default false */
  metrics?: boolean;
}

/** What is set of the chart kube-prometheus-stack, of which only the operator and exporters are used. */
export interface PrometheusOperatorValues {
  /** What the operator is promised, and what it may use at most. @default the chart's */
  resources?: Resources;
  /** Run an exporter of each node's figures. @default false */
  nodeExporter?: boolean;
  /** Run an exporter of the states of objects. @default false */
  kubeStateMetrics?: boolean;
  /** Make ServiceMonitors for the API server, the kubelets and the cluster's DNS. @default false */
  clusterMonitors?: boolean;
}

/** What is set of the chart postgres-operator. */
export interface PostgresOperatorValues {
  /** What the operator is promised, and what it may use at most. @default the chart's */
  resources?: Resources;
  /** ConfigMap with variables of all Postgres pods, such as where the write-ahead log is archived, as `namespace/name`. */
  podConfig?: string;
  /** Secret with variables of all Postgres pods, in each cluster's namespace. */
  podSecret?: string;
  /** Make the Secrets of users in other namespaces than their cluster's; needed where `secretNamespace` is given. @default false */
  crossNamespaceSecrets?: boolean;
}

/** What is set of the chart vault, of which only the injector is used. */
export interface VaultInjectorValues extends ControllerValues {
  /** URL of the Vault that agents speak to. */
  address: string;
  /** Mount of the auth method that agents use. @default auth/kubernetes */
  authPath?: string;
}

/** What is set of the chart tigera-operator. */
export interface CalicoValues {
  /** Range of the pods' addresses. @default 10.42.0.0/16, as k3s has it */
  podCidr?: string;
  /** How packets travel between nodes. @default "VXLANCrossSubnet" */
  encapsulation?: "None" | "IPIP" | "VXLAN" | "IPIPCrossSubnet" | "VXLANCrossSubnet";
}
