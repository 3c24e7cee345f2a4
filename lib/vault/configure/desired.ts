/** All that is to be in a Vault, in the words of its API. What it does not name is left alone. */
export interface DesiredVault {
  /** Audit devices. */
  audit: readonly DesiredAudit[];
  /** Secrets engines. */
  mounts: readonly DesiredMount[];
  /** Auth methods. */
  auth: readonly DesiredAuth[];
  /** Policies, roles, keys and settings: all that one write makes. */
  entries: readonly DesiredEntry[];
  /** Certificate authorities, of which each stands after the one that signs it. */
  authorities: readonly DesiredAuthority[];
  /** Databases. */
  connections: readonly DesiredConnection[];
  /** Secrets with values that must be there. */
  seeds: readonly DesiredSeed[];
  /** Secrets that somebody reads as a whole, so that nobody says which keys they must have. */
  readWhole: readonly DesiredSecret[];
}

/** Something that is to be, and why. */
export interface Desired {
  /** Where it comes from, where nobody declared it: `derived from secretStores.shop`. */
  because?: string;
}

/** An audit device. Source: Vault API, /sys/audit. */
export interface DesiredAudit extends Desired {
  /** Its path. */
  path: string;
  /** Its type. */
  type: string;
  /** Its options, such as `file_path`. */
  options: Readonly<Record<string, string>>;
}

/** A secrets engine. Source: Vault API, /sys/mounts. */
export interface DesiredMount extends Desired {
  /** Path of its mount, without a slash at its end. */
  path: string;
  /** Its type. */
  type: "kv" | "pki" | "transit" | "database";
  /** Options of its type, such as the version of a KV engine. */
  options?: Readonly<Record<string, string>>;
  /** What it is for. */
  description?: string;
  /** The longest that anything of it lives, in seconds. */
  maxLeaseSeconds?: number;
}

/** An auth method. Source: Vault API, /sys/auth. */
export interface DesiredAuth extends Desired {
  /** Path of its mount, without `auth/` and without a slash at its end. */
  path: string;
  /** Its type. */
  type: string;
}

/** What kinds of entries there are, as people call them. */
export type EntryKind =
  | "policy"
  | "KV settings"
  | "Transit key"
  | "PKI settings"
  | "PKI role"
  | "Kubernetes settings"
  | "Kubernetes role"
  | "AppRole"
  | "token role"
  | "database role";

/** A value of a field. */
export type FieldValue = string | number | boolean | readonly string[];

/** Something that one write makes, and one read gives back. */
export interface DesiredEntry extends Desired {
  /** What it is. */
  kind: EntryKind;
  /** How people call it: its name, with the path of its mount where it has one. */
  name: string;
  /** Path in the API that it is read from and written to. */
  path: string;
  /** Its fields, as Vault gives them back. */
  fields: Readonly<Record<string, FieldValue>>;
  /** Fields that are given when it is made and cannot be changed later. */
  fixed?: Readonly<Record<string, FieldValue>>;
  /** Where its fields are changed once it is there. @default `path` */
  settingsPath?: string;
}

/** A certificate authority. Source: Vault API, PKI secrets engine. */
export interface DesiredAuthority extends Desired {
  /** Mount of the engine. */
  mount: string;
  /** Common name. */
  commonName: string;
  /** How long its certificate is valid, in seconds. */
  ttlSeconds: number;
  /** Mount of the engine that signs it; itself when absent. */
  signedBy?: string;
  /** Type of its key. */
  keyType: "ec" | "rsa";
  /** Bits of its key. */
  keyBits: number;
}

/** A database that an engine has a user of. Source: Vault API, PostgreSQL database plugin. */
export interface DesiredConnection extends Desired {
  /** Mount of the engine. */
  mount: string;
  /** Its name. */
  name: string;
  /** URL with `{{username}}` and `{{password}}`. */
  url: string;
  /** Roles that may use it. */
  allowedRoles: readonly string[];
  /** Where user name and password of the engine's own user stand. */
  credentials: DesiredSecret & { usernameKey: string; passwordKey: string };
}

/** A secret of a KV engine of version 2. */
export interface DesiredSecret extends Desired {
  /** Mount of the engine. */
  mount: string;
  /** Path below the mount. */
  path: string;
}

/** A secret that must have some keys; what is there is never overwritten. */
export interface DesiredSeed extends DesiredSecret {
  /** Where the first value of each key comes from. */
  keys: Readonly<Record<string, SeedSource>>;
}

/** Where the first value of a key comes from. */
export type SeedSource =
  | { from: "text"; text: string }
  | { from: "random"; length: number; alphabet: Alphabet }
  | { from: "person"; question: string }
  | { from: "file"; file: string }
  | { from: "role-id" | "secret-id"; mount: string; role: string }
  | { from: "token"; role: string };

/** Which characters a random value is made of. */
export type Alphabet = "alphanumeric" | "hex" | "base64url" | "symbols";
