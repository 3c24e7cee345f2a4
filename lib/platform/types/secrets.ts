import type { Resources, RunAs } from "./workload.ts";

/** Sections of a platform about secrets. */
export interface SecretSections {
  /** Vaults, by name. */
  vaults: Record<string, Vault>;
  /** Secret stores, by name. */
  secretStores: Record<string, SecretStore>;
  /** External secrets, by name. */
  externalSecrets: Record<string, ExternalSecret>;
}

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
