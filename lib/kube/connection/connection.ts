import type { CredentialSource } from "./auth.ts";

/** How to reach an API server, and as whom. Made from a kubeconfig, from a pod's own account, or by hand. */
export interface ConnectionConfig {
  /** URL of the API server without a slash at its end; may have a path, as behind a gateway. */
  server: string;
  /** Name of the kubeconfig's context, or another name for messages. */
  contextName: string;
  /** Namespace of the context. */
  namespace: string;
  /** Certificates of the CAs that may vouch for the server, as PEM, beside the public ones. */
  caPem?: string;
  /** Who asks. */
  credentials: CredentialSource;
  /** Whom to act for. Source: kubernetes.io/docs/reference/access-authn-authz/authentication, user impersonation. */
  impersonate?: Impersonation;
  /** Proxy to go through: an http, https or socks5 URL. */
  proxyUrl?: string;
}

/** Whom to act for. */
export interface Impersonation {
  /** User name. */
  user: string;
  /** UID of the user. */
  uid?: string;
  /** Groups of the user. */
  groups: readonly string[];
}
