import type { Resources, RunAs, SecretKey } from "./container.ts";
import type { VaultConfiguration } from "./vault_configuration.ts";

export type * from "./vault_configuration.ts";

/** A HashiCorp Vault: one whose servers the cluster runs, or one outside of it. */
export type Vault = ClusterVault | OutsideVault;

/** A Vault whose servers are pods: exactly one of `storage` and `development`. */
export interface ClusterVault extends VaultContents {
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
  /** Serve HTTPS. @default plain HTTP */
  tls?: VaultTls;
  /** Not beside what runs it in the cluster. */
  outside?: undefined;
}

/** A Vault that the cluster can rely on before it is there: nothing is rendered for it. */
export interface OutsideVault extends VaultContents {
  /** Where it is. */
  outside: VaultOutside;
}

/** What Slipway does with a Vault that runs. */
export interface VaultContents {
  /** How it is initialised, and who keeps what that gives. */
  initialize?: VaultInitialize;
  /** What is in it, besides what `secretStores`, `issuers` and agents need, which is derived from them. */
  configuration?: VaultConfiguration;
}

/** The certificate of Vault's listener. */
export interface VaultTls {
  /**
   * Secret with tls.crt, tls.key and ca.crt in Vault's namespace: one of the platform's `certificates`, or else one
   * that `install-vault` makes, signed by an authority of its own, and renews. Whoever asks Vault from another
   * namespace finds the authority's certificate there, as `ca.crt` of a Secret of Vault's name and `-ca`.
   */
  secret: string;
}

/** Who gets the keys of a new Vault. Exactly one of `holders` and `secret`. Source: Vault, /sys/init. */
export interface VaultInitialize {
  /** Number of key shares; of recovery shares where another Vault unseals it. @default 5 */
  shares?: number;
  /** How many of them unseal. @default 3 */
  threshold?: number;
  /**
   * age recipients by the name of who has the identity. Share 1 is encrypted to the first holder, share 2 to the
   * second, and so on, from the first again when there are fewer holders than shares.
   */
  holders?: Record<string, string>;
  /** Keep the shares in a Secret of the cluster, where all who can read Secrets can unseal. */
  secret?: VaultKeysSecret;
  /** One share alone may unseal: only where nothing is at stake. @default false */
  development?: boolean;
}

/** A Secret that keeps the keys of a Vault. */
export interface VaultKeysSecret {
  /** Its name, in Vault's namespace. */
  name: string;
  /** Why that is good enough. */
  because: string;
}

/** Vault's development mode. Source: Vault, "Dev" server mode. */
export interface VaultDevelopment {
  /** The root token. */
  rootToken: SecretKey;
  /** Why losing all of it at any restart does no harm. */
  because: string;
}

/** Where a Vault outside of the cluster is. */
export interface VaultOutside {
  /** URL at which the cluster and people reach it, such as `https://vault.ops.example.org:8200`. */
  address: string;
  /** Authority that its certificate is checked with, in PEM, besides the public ones. */
  caCert?: string;
  /** Where the snapshots are that its host makes of it, outside of that host. @default they are not made */
  backupsKeptAt?: string;
}

/** Unsealing by another Vault's Transit engine. Source: Vault, "Seal configuration", transit. */
export interface VaultSeal {
  /** The other one, one of the platform's `vaults`. */
  vault: string;
  /** Mount path of its Transit engine. */
  mountPath: string;
  /** Name of the key there. */
  key: string;
  /** Token that may encrypt and decrypt with the key; `install-vault` makes it, of the token role `role` there. */
  token: SecretKey;
  /** Token role of the other one; Vault renews its tokens by itself. @default unseal */
  role: string;
}

/** Storage of each Vault pod. */
export interface VaultStorage {
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** Size, such as `1Gi`. */
  size: string;
}
