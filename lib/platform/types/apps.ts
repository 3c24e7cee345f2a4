import type { IdentityProvider } from "./identity_provider.ts";
import type { Mail } from "./mail.ts";

export type * from "./identity_provider.ts";
export type * from "./mail.ts";

/** Sections of a platform about ready-made programs that consist of several workloads. */
export interface AppSections {
  /** Authentik, which logs people in, by name. */
  identityProviders: Record<string, IdentityProvider>;
  /** Mailu, which sends, receives and keeps mail, by name. */
  mail: Record<string, Mail>;
  /** What the platform's records in the domain name system say beyond names. */
  dns?: Dns;
}

/** Where the names of a platform lead. */
export interface Dns {
  /** Public addresses at which requests for the platform's hosts arrive. */
  addresses?: string[];
  /** Name of which the platform's hosts are aliases, in place of addresses. */
  alias?: string;
  /** How long others may keep a record, in seconds. @default 3600 */
  ttlSeconds?: number;
}
