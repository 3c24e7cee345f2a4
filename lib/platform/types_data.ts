import type { AccessMode, Resources, RunAs } from "./types_workload.ts";

/** Where secrets come from: a HashiCorp Vault that is asked by External Secrets. */
export interface SecretStore {
  /** Namespace of the store; only ExternalSecrets in it may use it. */
  namespace: string;
  /** URL of Vault. */
  server: string;
  /** Mount path of the KV engine. */
  path: string;
  /** Version of the KV engine. */
  version: "v1" | "v2";
  /** Mount path of Vault's Kubernetes auth method. */
  authMountPath: string;
  /** Role to log in with. */
  role: string;
  /** Service account whose token proves who asks; one of a workload's. */
  serviceAccount: string;
}

/** A Secret that External Secrets keeps like its source: exactly one of `keys` and `pullSecret`. */
export interface ExternalSecret {
  /** Namespace of the Secret, which has this name. */
  namespace: string;
  /** One of the platform's `secretStores`, in the same namespace. */
  store: string;
  /** Path in the store, without the mount path. */
  from: string;
  /** How often the source is read, such as `1h`. */
  refreshInterval: string;
  /** Keys of the Secret; each is a property of the same name at the source. */
  keys?: string[];
  /** Make a pull secret (kubernetes.io/dockerconfigjson) of two properties. */
  pullSecret?: PullSecret;
}

/** Credentials for a container registry. */
export interface PullSecret {
  /** Host name of the registry. */
  registry: string;
  /** Property with the user name. */
  usernameKey: string;
  /** Property with the password or token. */
  passwordKey: string;
}

/** Something outside the cluster, or in another namespace, that pods reach by a Service: exactly one of `addresses` and `dnsName`. */
export interface ExternalService {
  /** Namespace of the Service. */
  namespace: string;
  /** IP addresses that answer. */
  addresses?: string[];
  /** DNS name that answers. */
  dnsName?: string;
  /** Ports, by name. */
  ports: Record<string, number>;
  /** With `dnsName`: peer behind it, for network policies; one of the platform's `peers`. */
  peer?: string;
}

/** A class of volumes. */
export interface StorageClass {
  /** Made by someone else, such as k3s; only described here. @default false */
  existing?: boolean;
  /** Name of the driver. */
  provisioner: string;
  /** Access modes that the driver can give. */
  accessModes: AccessMode[];
  /** Settings of the driver. */
  parameters?: Record<string, string>;
  /** What becomes of the data when the claim goes. */
  reclaimPolicy: "Retain" | "Delete";
  /** Whether a volume is made at once, or with the first pod. */
  volumeBindingMode: "Immediate" | "WaitForFirstConsumer";
}

/** A persistent volume claim. */
export interface Volume {
  /** Namespace of the claim. */
  namespace: string;
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** How it may be mounted. */
  accessModes: AccessMode[];
  /** Size, such as `1Gi`. */
  size: string;
}

/** A HashiCorp Vault with Raft storage. */
export interface Vault {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Container image with a tag. */
  image: string;
  /** Number of pods; Raft wants an odd one. */
  replicas: number;
  /** What a pod is promised, and what it may use at most. */
  resources: Resources;
  /** Where each pod keeps its data. */
  storage: VaultStorage;
  /** Under which identity the program runs. */
  runAs: RunAs;
}

/** Storage of each Vault pod. */
export interface VaultStorage {
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** Size, such as `1Gi`. */
  size: string;
}

/** Backups by CronJobs. */
export interface Backups {
  /** Image that holds Deno and this repository. */
  image: string;
  /** Why the jobs do not run yet; they are suspended as long as this is given. */
  suspendedBecause?: string;
  /** What a job's pod is promised, and what it may use at most. */
  resources: Resources;
  /** Under which identity the jobs run. */
  runAs: RunAs;
  /** The jobs, by name. */
  jobs: Record<string, BackupJob>;
}

/** One backup. */
export interface BackupJob {
  /** Namespace of the CronJob. */
  namespace: string;
  /** When it runs, as a cron line in UTC. */
  schedule: string;
  /** Task of this repository that it runs. */
  task: string;
  /** Longest time that a run may take, in seconds. */
  deadlineSeconds: number;
  /** Secrets whose every key becomes an environment variable. */
  envFromSecrets?: string[];
}

/** An Argo CD Application. */
export interface Application {
  /** Namespace of Argo CD. */
  namespace: string;
  /** Argo CD project. */
  project: string;
  /** URL of the Git repository. */
  repository: string;
  /** Folder in it. */
  path: string;
  /** Branch, tag or commit. */
  revision: string;
  /** Namespace that it deploys to. */
  destination: string;
  /** Sync without being asked. */
  autoSync: boolean;
  /** Delete what Git no longer has. */
  prune: boolean;
  /** Put right what differs from Git. */
  selfHeal: boolean;
}
