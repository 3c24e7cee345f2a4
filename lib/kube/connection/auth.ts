/** A client certificate with its private key. */
export interface ClientCertificate {
  /** The certificate, and intermediate ones after it, as PEM. */
  certPem: string;
  /** The private key as PEM (PKCS#8, PKCS#1 or SEC 1), a secret. */
  keyPem: string;
  /** Where it comes from, as messages name it: `/home/me/.kube/config, user "admin"`. */
  source: string;
}

/** What a request shows to say who asks. */
export interface Credential {
  /** Value of the Authorization header, a secret. */
  authorization?: string;
  /** Certificate for the TLS handshake. */
  certificate?: ClientCertificate;
}

/** Where credentials come from. They may change while a client lives: tokens rotate, plugins renew. */
export interface CredentialSource {
  /**
   * The credential to use now. Answers without a promise where nothing has to be
   * read, since every request asks.
   *
   * @throws {SlipwayError} when none can be had
   */
  current(): Credential | Promise<Credential>;
  /**
   * The server refused `refused` with 401. Forgets it where a newer one may be had.
   *
   * @returns whether it is worth asking {@linkcode CredentialSource.current} again
   */
  renew(refused: Credential): boolean;
  /** End what runs on behalf of this source, such as a plugin that still waits for a login. */
  close?(): void;
}

/** A source whose credential never changes. */
export function fixedCredential(credential: Credential): CredentialSource {
  return { current: () => credential, renew: () => false };
}

/** Value of an Authorization header that carries a bearer token. Source: RFC 6750, section 2.1. */
export function bearer(token: string): string {
  return `Bearer ${token}`;
}

/** Value of an Authorization header that carries a user name and password. Source: RFC 7617, section 2. */
export function basic(username: string, password: string): string {
  return `Basic ${new TextEncoder().encode(`${username}:${password}`).toBase64()}`;
}
