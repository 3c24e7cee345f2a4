import type {
  Certificate,
  Flow,
  Ingress,
  Issuer,
  Middleware,
  Peer,
  Route,
  TlsOptions,
} from "./types_network.ts";
import type {
  Application,
  Backups,
  ExternalSecret,
  ExternalService,
  SecretStore,
  StorageClass,
  Vault,
  Volume,
} from "./types_data.ts";
import type { Workload } from "./types_workload.ts";

export type * from "./types_data.ts";
export type * from "./types_network.ts";
export type * from "./types_workload.ts";

/** What a platform file says for one environment, checked and complete. */
export interface Platform {
  /** Name of the platform. */
  name: string;
  /** The environment whose overlay is merged in. */
  environment: string;
  /** Domain that all hosts belong to. */
  domain: string;
  /** The cluster this environment lives on; the embedded one when absent. */
  target?: Target;
  /** Namespaces, by name. */
  namespaces: Record<string, Namespace>;
  /** The ingress controller; needed where there are routes. */
  ingress?: Ingress;
  /** Workloads, by name. */
  workloads: Record<string, Workload>;
  /** Vaults, by name. */
  vaults: Record<string, Vault>;
  /** Routes, by name. */
  routes: Record<string, Route>;
  /** Middlewares, by name. */
  middlewares: Record<string, Middleware>;
  /** TLS options, by name. */
  tlsOptions: Record<string, TlsOptions>;
  /** Certificate issuers, by name. */
  issuers: Record<string, Issuer>;
  /** Certificates, by name. */
  certificates: Record<string, Certificate>;
  /** Secret stores, by name. */
  secretStores: Record<string, SecretStore>;
  /** External secrets, by name. */
  externalSecrets: Record<string, ExternalSecret>;
  /** External services, by name. */
  externalServices: Record<string, ExternalService>;
  /** Storage classes, by name. */
  storageClasses: Record<string, StorageClass>;
  /** Persistent volume claims, by name. */
  volumes: Record<string, Volume>;
  /** Ends of network flows that are not workloads of the platform, by name. */
  peers: Record<string, Peer>;
  /** Connections that are allowed. */
  flows: Flow[];
  /** Backups by schedule. */
  backups?: Backups;
  /** Argo CD Applications, by name. */
  applications: Record<string, Application>;
}

/** A namespace and what is enforced in it. */
export interface Namespace {
  /** Made by someone else; only named here. @default false */
  existing?: boolean;
  /** Pod Security level that is enforced; needed unless `existing`. */
  podSecurity?: "privileged" | "baseline" | "restricted";
  /** Allow no connection but those in `flows`, and DNS. @default false */
  defaultDeny?: boolean;
}

/** Where an environment lives: exactly one of `context` and `hosts`. */
export interface Target {
  /** Context of a kubeconfig. */
  context?: string;
  /** Hosts to install k3s on, by name. */
  hosts?: Record<string, TargetHost>;
}

/** A host of a cluster. */
export interface TargetHost {
  /** Host name or address for SSH. */
  address: string;
  /** User for SSH. */
  user: string;
  /** Role in the cluster. */
  role: "server" | "agent";
}
