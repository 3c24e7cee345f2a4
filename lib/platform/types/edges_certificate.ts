/** Where certificates come from: exactly one of `server` (ACME), `vault`, `ca` and `selfSigned`. */
export interface Issuer {
  /** Namespace that it serves. @default all namespaces */
  namespace?: string;
  /** URL of an ACME directory. */
  server?: string;
  /** With `server`: address that is told of expiring certificates. */
  email?: string;
  /** With `server`: how control of a host is shown. Wildcards need `dns01`. */
  challenge?: "http01" | DnsChallenge;
  /** A role of Vault's PKI engine. */
  vault?: VaultIssuer;
  /** A certificate authority's own certificate and key. */
  ca?: CaIssuer;
  /** Each certificate signs itself; for the root of an authority of one's own. */
  selfSigned?: true;
}

/** Control of a domain is shown by a DNS record. */
export interface DnsChallenge {
  /** DNS provider that is asked to make the record. */
  dns01: DnsProvider;
}

/** A DNS provider. */
export interface DnsProvider {
  /** Cloudflare. */
  cloudflare: Cloudflare;
}

/** Access to Cloudflare's DNS. */
export interface Cloudflare {
  /** Zones that this issuer is for. @default all */
  zones?: string[];
  /** API token that may edit the zones' records, in the issuer's namespace, or cert-manager's own. */
  tokenSecret: KeyOfSecret;
}

/** One key of a Secret. */
export interface KeyOfSecret {
  /** Name of the Secret. */
  name: string;
  /** Key in it. */
  key: string;
}

/** Certificates by Vault, which a service account's token logs in to. */
export interface VaultIssuer {
  /** URL of Vault. */
  server: string;
  /** Path that signs, such as `pki/sign/backend`. */
  path: string;
  /** Role of Vault's Kubernetes authentication. */
  role: string;
  /** Mount path of that authentication. */
  authMountPath: string;
  /**
   * Service account that cert-manager requests tokens of, in the issuer's namespace, or cert-manager's own.
   * @default one of the issuer's name, made for it
   */
  serviceAccount?: string;
  /** Secret with the authority that signed Vault's own certificate. @default that of the platform's Vault at `server` */
  caSecret?: KeyOfSecret;
}

/** An authority whose certificate and key are in a Secret. */
export interface CaIssuer {
  /** Name of the Secret, in the issuer's namespace, or cert-manager's own. */
  secret: string;
}

/** A TLS certificate. */
export interface Certificate {
  /** Namespace of its Secret, which has the certificate's name. */
  namespace: string;
  /** Names that it is valid for; `*.example.org` stands for all of one level. */
  hosts: string[];
  /** One of the platform's `issuers`. */
  issuer: string;
  /** Name of the subject, which some issuers want. */
  commonName?: string;
  /** How long it is asked to be valid, in days. @default 90 */
  durationDays?: number;
  /** How long before its end it is renewed, in days. @default a third of its time */
  renewBeforeDays?: number;
  /** It is an authority, which may sign others. @default false */
  isCa?: boolean;
  /** Who shows it: servers, clients, or both. @default servers */
  usages?: ("server auth" | "client auth")[];
}
