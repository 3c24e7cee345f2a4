import assert from "node:assert/strict";
import { opensslCipher } from "../../../manifests/components/edges/tls.ts";

Deno.test("opensslCipher() gives the name that OpenSSL has for a suite of Go", () => {
  const pairs = {
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: "ECDHE-RSA-AES128-SHA",
  };
  for (const [go, openssl] of Object.entries(pairs)) assert.equal(opensslCipher(go), openssl);
});
