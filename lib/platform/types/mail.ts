import type { Resources } from "./container.ts";

/** Parts of Mailu, and its cache. */
export type MailPart = "front" | "admin" | "smtp" | "imap" | "antispam" | "webmail" | "redis";

/** Mailu: a whole mail server. Its admin needs a cluster DNS that validates DNSSEC. Source: Mailu, "Configuration reference". */
export interface Mail {
  /** Namespace of all of it; images of Mailu need Pod Security level `baseline` there. */
  namespace: string;
  /** Domain of the addresses. */
  domain: string;
  /** Hosts of the server; the first one is where mail is delivered to. */
  hostnames: string[];
  /** Certificate of the hosts, by the name of its Secret; mail programs meet it directly. */
  certificate: string;
  /** Images of the parts. */
  images: Record<MailPart, string>;
  /** Where mail is kept. */
  storage: MailStorage;
  /** Requests and limits of parts. @default what a small team needs */
  resources?: Partial<Record<MailPart, Resources>>;
  /** Secrets of its own. */
  secret: MailSecret;
  /** Account that the reports about and for the server reach. @default postmaster */
  postmaster?: string;
  /** Range of the cluster's pods, from which parts trust each other. @default 10.42.0.0/16, that of k3s */
  podRange?: string;
  /** Largest mail. @default 50 */
  messageSizeMegabytes?: number;
  /** Annotations of the load balancer of the mail ports. */
  loadBalancerAnnotations?: Record<string, string>;
  /** Public addresses of that load balancer. @default those of `dns` */
  addresses?: string[];
  /** How others check signatures. */
  dkim?: Dkim;
  /** What others do with mail that is not ours. */
  dmarc: Dmarc;
}

/** Volumes of Mailu, one for each part that keeps something. */
export interface MailStorage {
  /** One of the platform's storage classes. */
  storageClass: string;
  /** Mailboxes. */
  mailboxes: string;
  /** Accounts, domains and DKIM keys. @default 1Gi */
  admin?: string;
  /** Mail on its way. @default 2Gi */
  queue?: string;
  /** What the filter has learned. @default 1Gi */
  antispam?: string;
  /** Settings and address books of webmail. @default 1Gi */
  webmail?: string;
  /** Rate limits and sessions. @default 1Gi */
  redis?: string;
}

/** Secrets that Mailu cannot do without. */
export interface MailSecret {
  /** Name of the Secret. */
  name: string;
  /** Its key with the text of at least 16 characters that signs sessions. @default secret-key */
  secretKeyKey?: string;
  /** Its key with the first password of the administrator `admin`. @default no administrator is made */
  adminPasswordKey?: string;
}

/** Signatures of mails. Source: RFC 6376. */
export interface Dkim {
  /** Selector. @default dkim */
  selector?: string;
  /** Public key, base64, once it is known: the server makes it when its domain is first used. */
  publicKey?: string;
}

/** Policy for mail in our name. Source: RFC 7489. */
export interface Dmarc {
  /** What to do with mail that fails. */
  policy: "none" | "quarantine" | "reject";
  /** Address that reports go to. @default the postmaster */
  reports?: string;
}
