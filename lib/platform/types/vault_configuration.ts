/** What is in a Vault. Whatever is not named here is left alone. */
export interface VaultConfiguration {
  /** Secrets engines, by the path of their mount. */
  mounts?: Record<string, VaultMount>;
  /** ACL policies, by name. */
  policies?: Record<string, VaultPolicy>;
  /** Auth methods, by the path of their mount. */
  auth?: Record<string, VaultAuth>;
  /** Audit devices, by path. @default `file/`, which writes to standard output */
  audit?: Record<string, VaultAuditDevice>;
  /** Values to be there, by the path in a KV engine as `secret/shop/database`; what is there already is never overwritten. */
  seeds?: Record<string, Record<string, VaultSeed>>;
}

/** A secrets engine; the fields of other types than its own are mistakes. */
export interface VaultMount {
  /** Type of the engine. */
  type: "kv-v2" | "pki" | "transit" | "database";
  /** What it is for. */
  description?: string;
  /** `kv-v2`: how many versions of each secret are kept. @default Vault's own, 10 */
  maxVersions?: number;
  /** `pki`, `database`: the longest that anything of it lives, such as `87600h`. */
  maxLeaseTtl?: string;
  /** `pki`: its authority. */
  authority?: PkiAuthority;
  /** `pki`: who may have which certificates, by name. */
  pkiRoles?: Record<string, PkiRole>;
  /** `transit`: keys, by name. */
  transitKeys?: Record<string, TransitKey>;
  /** `database`: databases, by name. */
  connections?: Record<string, DatabaseConnection>;
  /** `database`: users that are made on demand, by name of the role. */
  databaseRoles?: Record<string, DatabaseRole>;
}

/** The certificate authority of a `pki` engine. */
export interface PkiAuthority {
  /** Common name. */
  commonName: string;
  /** How long its certificate is valid, such as `87600h` for ten years. */
  ttl: string;
  /** Path of the `pki` engine that signs it. @default it signs itself */
  signedBy?: string;
  /** Type of its key. @default ec */
  keyType?: "ec" | "rsa";
  /** Bits of its key. @default 256 with `ec`, 4096 with `rsa` */
  keyBits?: number;
}

/** Source: Vault, PKI API, "Create/update role". */
export interface PkiRole {
  /** Names that certificates may be for. */
  allowedDomains: string[];
  /** Whether the names themselves are allowed. @default true */
  allowBareDomains?: boolean;
  /** Whether names below them are allowed. @default false */
  allowSubdomains?: boolean;
  /** Whether certificates may be for IP addresses. @default false */
  allowIpSans?: boolean;
  /** How long certificates are valid at most, such as `72h`. */
  maxTtl: string;
  /** Whether certificates serve clients, servers, or both. @default both */
  usages?: ("client" | "server")[];
}

/** A key of the Transit engine. */
export interface TransitKey {
  /** Source: Vault, Transit API, "Create key". @default aes256-gcm96 */
  type?: "aes256-gcm96" | "chacha20-poly1305" | "ed25519" | "ecdsa-p256" | "rsa-4096";
  /** How often it is rotated, such as `720h`. @default never by itself */
  autoRotatePeriod?: string;
}

/** A Postgres database that the `database` engine has a user of. */
export interface DatabaseConnection {
  /** URL with `{{username}}` and `{{password}}`, such as `postgresql://{{username}}:{{password}}@postgres:5432/postgres`. */
  url: string;
  /** Where in the KV engine user name and password of the engine's own user stand. */
  credentials: { path: string; usernameKey: string; passwordKey: string };
  /** Roles that may use it. */
  allowedRoles: string[];
}

/** Users that are made on demand, or one whose password is rotated. Exactly one of `creationStatements` and `username`. */
export interface DatabaseRole {
  /** Connection that it uses. */
  connection: string;
  /** Dynamic: SQL that makes a user `{{name}}` with `{{password}}` until `{{expiration}}`. */
  creationStatements?: string[];
  /** Dynamic: how long a user lives. @default 1h */
  defaultTtl?: string;
  /** Dynamic: how long it may be renewed for. @default 24h */
  maxTtl?: string;
  /** Static: a user that exists. */
  username?: string;
  /** Static: how often its password changes, such as `720h`. */
  rotationPeriod?: string;
}

/** What a policy allows: capabilities by path. */
export interface VaultPolicy {
  /** Capabilities, by path as in Vault's policy language, such as `secret/data/shop/*`. */
  paths: Record<string, VaultCapability[]>;
}

/** Source: Vault, "Policies", capabilities. */
export type VaultCapability =
  | "create"
  | "read"
  | "update"
  | "patch"
  | "delete"
  | "list"
  | "sudo"
  | "deny";

/** An auth method. */
export interface VaultAuth {
  /** Type of the method. */
  type: "kubernetes" | "approle" | "token";
  /** `kubernetes`: roles, by name. */
  kubernetesRoles?: Record<string, KubernetesRole>;
  /** `approle`: roles, by name. */
  appRoles?: Record<string, AppRole>;
  /** `token`, whose mount is `token`: periodic tokens, by the name of their role. */
  tokenRoles?: Record<string, TokenRole>;
}

/** Source: Vault, Kubernetes auth API, "Create/update role". */
export interface KubernetesRole {
  /** Service accounts that may log in, as `namespace/name`. */
  serviceAccounts: string[];
  /** Audience that their tokens must have. @default that of the API server */
  audience?: string;
  /** Policies of the tokens that they get. */
  policies: string[];
  /** How long the tokens live. @default 1h */
  tokenTtl?: string;
}

/** Source: Vault, AppRole API, "Create/update AppRole". */
export interface AppRole {
  /** Policies of the tokens that it gives. */
  policies: string[];
  /** How long the tokens live. @default 1h */
  tokenTtl?: string;
  /** How long a secret id is valid. @default 0s, for ever */
  secretIdTtl?: string;
  /** How often a secret id may be used. @default 0, without limit */
  secretIdUses?: number;
  /** Networks from which it may be used, in CIDR notation. */
  boundCidrs?: string[];
}

/** Tokens that live as long as somebody renews them. Source: Vault, token API, "Create/update token role". */
export interface TokenRole {
  /** Policies of the tokens. */
  policies: string[];
  /** Within which time they must be renewed, such as `24h`. */
  period: string;
}

/** Source: Vault, "File audit device". */
export interface VaultAuditDevice {
  /** Type of the device. */
  type: "file";
  /** File, or `stdout`. */
  path: string;
}

/** Where the first value of a key comes from: exactly one of them. */
export interface VaultSeed {
  /** This text, which is no secret. */
  value?: string;
  /** Random characters. */
  generate?: VaultGenerator;
  /** A person is asked, with these words. */
  prompt?: string;
  /** A file, from the platform file's folder; its text without a final line break. */
  file?: string;
  /** The role id of an AppRole, as `approle/backend`. */
  roleIdOf?: string;
  /** A new secret id of an AppRole, as `approle/backend`. */
  secretIdOf?: string;
  /** A new token of a token role, as `unseal`. */
  tokenOf?: string;
}

/** How a secret is generated. */
export interface VaultGenerator {
  /** Number of characters. */
  length: number;
  /** Which characters. @default alphanumeric */
  alphabet?: "alphanumeric" | "hex" | "base64url" | "symbols";
}
