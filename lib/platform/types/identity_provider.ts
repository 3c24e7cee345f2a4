import type { Resources } from "./container.ts";

/** Authentik: its server, its worker, and the programs that it logs people in to. Source: Authentik, "Configuration". */
export interface IdentityProvider {
  /** Namespace of all of it. */
  namespace: string;
  /** Image of server and worker, with a tag or digest. */
  image: string;
  /** Host at which people meet it. */
  host: string;
  /** What answers people and programs. */
  server: IdentityProviderPart;
  /** What works behind it: mails, synchronisation, blueprints. */
  worker: IdentityProviderPart;
  /** Its database. */
  postgres: AppDatabase;
  /** Its cache, which Authentik needs no more since release 2025.10. */
  redis?: AppCache;
  /** Secrets of its own. */
  secret: IdentityProviderSecret;
  /** Programs that it logs people in to, by name; the name is the client id, and part of URLs. */
  clients: Record<string, IdentityClient>;
}

/** Server or worker of Authentik. */
export interface IdentityProviderPart {
  /** Number of pods. */
  replicas: number;
  /** What a pod is promised, and what it may use at most. */
  resources: Resources;
}

/** A Postgres database of a program. */
export interface AppDatabase {
  /** Host name. */
  host: string;
  /** Port. @default 5432 */
  port?: number;
  /** Name of the database. */
  database: string;
  /** Secret with the user's name and password. */
  secret: string;
  /** Its key with the name. @default username */
  userKey?: string;
  /** Its key with the password. @default password */
  passwordKey?: string;
  /** How the connection is encrypted. Source: libpq, "SSL Support". @default "prefer" */
  sslMode?: "disable" | "prefer" | "require" | "verify-ca" | "verify-full";
}

/** A Redis, or what speaks its language. */
export interface AppCache {
  /** Host name. */
  host: string;
  /** Port. @default 6379 */
  port?: number;
  /** Number of the database in it. @default 0 */
  database?: number;
  /** Secret with the password. @default no password */
  secret?: string;
  /** Its key with the password. @default password */
  passwordKey?: string;
}

/** Secrets that Authentik cannot do without. */
export interface IdentityProviderSecret {
  /** Name of the Secret. */
  name: string;
  /** Its key with the text that signs sessions. @default secret-key */
  secretKeyKey?: string;
  /** Its key with the first password of the administrator akadmin. @default no password: the first visitor sets it */
  bootstrapPasswordKey?: string;
  /** E-mail address of akadmin. */
  bootstrapEmail?: string;
}

/** A program that people log in to: exactly one of `redirectUris` and `forwardAuth`. */
export interface IdentityClient {
  /** What people see it as. @default its name */
  title?: string;
  /** By OpenID Connect: addresses to which people may be sent back, each exactly as the program gives it. */
  redirectUris?: string[];
  /** The program knows no logins: routes that have its name as their `authentication` ask here first. */
  forwardAuth?: ForwardAuthClient;
  /** Groups of Authentik whose members may use it, made when they are not there. @default everybody who can log in */
  groups?: string[];
  /** Where it is opened from the list of programs. */
  launchUrl?: string;
  /** With `redirectUris`: what it may learn of people. @default [openid, email, profile] */
  scopes?: string[];
  /** With `redirectUris`: its client secret; none for programs that run in browsers and can keep none. */
  secret?: IdentityClientSecret;
}

/** A program behind routes that ask. Source: Authentik, "Forward auth", single application. */
export interface ForwardAuthClient {
  /** URL at which people open it. */
  url: string;
}

/** Where the client secret of a program is. */
export interface IdentityClientSecret {
  /** Secret in the namespace of the identity provider. */
  name: string;
  /** Key in it. */
  key: string;
}
