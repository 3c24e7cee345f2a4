/**
 * OpenSSL's name of a cipher suite, which nginx and Envoy read, from Go's, which Traefik reads.
 * Source: openssl-ciphers(1), "Cipher suite names".
 */
export function opensslCipher(suite: string): string {
  return suite
    .replace(/^TLS_/, "")
    .replace("_WITH_", "_")
    .replace(/AES_(\d+)/, "AES$1")
    .replace(/CHACHA20_POLY1305_SHA256$/, "CHACHA20_POLY1305")
    .replace(/CBC_SHA/, "SHA")
    .replaceAll("_", "-");
}
