import type { SecretStore } from "./secret_stores.ts";
import type { Vault } from "./vault.ts";

export type * from "./secret_stores.ts";
export type * from "./vault.ts";

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
  /** With what their values are sealed; one controller's certificate, and so of one cluster. */
  sealing?: Sealing;
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
  /** Values as `deno task seal-secret` writes them, by key. */
  sealed: Record<string, string>;
  /** What cannot be seen from a sealed value, by key: which certificate, for whom. `seal-secret` writes it. */
  sealedWith?: Record<string, string>;
}

/** With what the values of sealed secrets are sealed. Files are named by their path from the platform file. */
export interface Sealing {
  /** File with the controller's certificate in PEM; it is no secret. @default the controller is asked for it */
  certificate?: string;
  /** SHA-256 of the certificate, in hexadecimal digits; another one is refused. */
  fingerprint?: string;
  /** File with the key of digests, encrypted with age, by which values that did not change are known again. */
  digestKey?: string;
  /** Backups of the controller's keys, without which all values are lost with the cluster. */
  keyBackups?: SealingKeyBackups;
}

/** Where backups of a Sealed Secrets controller's keys are, and who can open them. */
export interface SealingKeyBackups {
  /** Folder or URL in which `sealing-keys backup` keeps them, outside of the cluster. */
  store: string;
  /** age recipients by the name of who has the identity; each alone can open them. */
  holders: Record<string, string>;
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
