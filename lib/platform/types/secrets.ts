import type { SecretStore } from "./secret_stores.ts";
import type { Resources, RunAs, SecretKey } from "./container.ts";

export type * from "./secret_stores.ts";

/** Sections of a platform about secrets. */
export interface SecretSections {
  /** Vaults, by name. */
  vaults: Record<string, Vault>;
  /** Secret stores, by name. */
  secretStores: Record<string, SecretStore>;
  /** External secrets, by name. */
  externalSecrets: Record<string, ExternalSecret>;
  /** Sealed secrets, by name. */
  sealedSecrets: Record<string, SealedSecret>;
}

/** A Secret that External Secrets keeps like its source: exactly one of `keys`, `keysFrom` and `pullSecret`. */
export interface ExternalSecret {
  /** Namespace of the Secret, which has this name. */
  namespace: string;
  /** One of the platform's `secretStores`: of the same namespace, or of the whole cluster. */
  store: string;
  /** Path in the store, without a mount path; for `keys` and `pullSecret`. */
  from?: string;
  /** How often the source is read, such as `1h`. */
  refreshInterval: string;
  /** Type of the Secret, such as `kubernetes.io/basic-auth`; not with `pullSecret`, which has one. @default Opaque */
  type?: string;
  /** Keys of the Secret; each is a property of the same name at the source. */
  keys?: string[];
  /** Keys of the Secret, each with where it is read. */
  keysFrom?: Record<string, SecretSource>;
  /** Make a pull secret (kubernetes.io/dockerconfigjson) of two properties. */
  pullSecret?: PullSecret;
}

/** Where one value is read. */
export interface SecretSource {
  /** Path in the store, or the secret's name there. */
  path: string;
  /** Property of it, where it holds several. @default the whole of it */
  property?: string;
}

/**
 * A Secret whose values stand in the platform file, encrypted for one cluster's Sealed Secrets controller.
 * Those of `keys` that `sealed` does not have are not sealed yet, and keep the platform from being rendered.
 */
export interface SealedSecret {
  /** Namespace of the Secret, which has this name. */
  namespace: string;
  /** What the values are bound to: namespace and name, only the namespace, or nothing. */
  scope: "strict" | "namespace-wide" | "cluster-wide";
  /** Type of the Secret. */
  type: string;
  /** Labels of the Secret, by which some programs find it. */
  labels?: Record<string, string>;
  /** Keys that the Secret is to have. */
  keys: string[];
  /** Values as `kubeseal --raw` gives them, by key. */
  sealed: Record<string, string>;
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

/** A HashiCorp Vault: exactly one of `storage` and `development`. */
export interface Vault {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Container image with a tag. */
  image: string;
  /** Number of pods; Raft wants an odd one. */
  replicas: number;
  /** What a pod is promised, and what it may use at most. */
  resources: Resources;
  /** Where each pod keeps its data, by Raft. */
  storage?: VaultStorage;
  /** Keep everything in memory, unsealed from the start; a restart loses it all. */
  development?: VaultDevelopment;
  /** Unseal by itself, with a key in another Vault. @default unsealed by hand */
  seal?: VaultSeal;
  /** Under which identity the program runs. */
  runAs: RunAs;
}

/** Vault's development mode. Source: Vault, "Dev" server mode. */
export interface VaultDevelopment {
  /** The root token. */
  rootToken: SecretKey;
  /** Why losing all of it at any restart does no harm. */
  because: string;
}

/** Unsealing by another Vault's Transit engine. Source: Vault, "Seal configuration", transit. */
export interface VaultSeal {
  /** The other one, one of the platform's `vaults`. */
  vault: string;
  /** Mount path of its Transit engine. */
  mountPath: string;
  /** Name of the key there. */
  key: string;
  /** Token that may encrypt and decrypt with the key. */
  token: SecretKey;
}

/** Storage of each Vault pod. */
export interface VaultStorage {
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** Size, such as `1Gi`. */
  size: string;
}
