import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { placeholderLabel } from "../../../lib/core/labels.ts";
import { authoritySecret, ensureVaultCertificates } from "../../../lib/flows/vault/tls.ts";
import type { KubeObject } from "../../../lib/core/object.ts";
import { createFakeClient, type FakeClient } from "../../kube/fake_client.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleVault } from "../../platform/sample_vault.ts";
import { testContext } from "../../context.ts";

const platform = samplePlatform({
  vaults: { vault: sampleVault({ tls: { secret: "vault-tls" } }) },
});
const at = (time: string) => testContext({ now: () => Temporal.Instant.from(time) });

async function textOf(client: FakeClient, name: string, key: string): Promise<string> {
  const ref = { apiVersion: "v1", kind: "Secret", namespace: "vault", name };
  const secret = await client.get<KubeObject & { data: Record<string, string> }>(ref);
  return new TextDecoder().decode(Uint8Array.fromBase64(secret!.data[key]!));
}

const ensure = (client: FakeClient, time = "2026-11-21T12:00:00Z", extraNames: string[] = []) =>
  ensureVaultCertificates(client, { name: "vault", platform, extraNames }, at(time));

Deno.test("an authority is made, and a certificate for all names of Vault; then nothing more", async () => {
  const client = createFakeClient();
  const first = await ensure(client);
  assert.deepEqual(first.written, ["vault/vault-tls-authority", "vault/vault-tls"]);
  assert.equal(first.renewed, false);
  const server = new X509Certificate(await textOf(client, "vault-tls", "tls.crt"));
  const authority = new X509Certificate(await textOf(client, "vault-tls", "ca.crt"));
  assert.ok(server.verify(authority.publicKey));
  assert.match(server.subjectAltName!, /DNS:vault\.vault\.svc, /);
  assert.match(server.subjectAltName!, /DNS:vault-0\.vault-internal\.vault\.svc/);
  assert.match(server.subjectAltName!, /IP Address:127\.0\.0\.1/);
  const years = (certificate: X509Certificate) =>
    Math.round(
      (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000 / 365,
    );
  assert.deepEqual([years(authority), years(server)], [10, 1]);
  assert.deepEqual((await ensure(client)).written, []);
});

Deno.test("the authority's key is in no Secret that pods mount", async () => {
  const client = createFakeClient();
  await ensure(client);
  const key = await textOf(client, authoritySecret("vault-tls"), "tls.key");
  assert.notEqual(await textOf(client, "vault-tls", "tls.key"), key);
});

Deno.test("the certificate is renewed in its last 30 days, or for other names, by the same authority", async () => {
  const client = createFakeClient();
  const { caCert } = await ensure(client);
  assert.deepEqual((await ensure(client, "2027-10-20T12:00:00Z")).written, []);
  const late = await ensure(client, "2027-10-23T12:00:00Z");
  assert.deepEqual(late.written, ["vault/vault-tls"]);
  assert.equal(late.renewed, true);
  assert.equal(late.caCert, caCert);
  const renamed = await ensure(client, "2027-10-23T12:00:00Z", ["127.1.2.3"]);
  assert.equal(renamed.renewed, true);
  const server = new X509Certificate(await textOf(client, "vault-tls", "tls.crt"));
  assert.match(server.subjectAltName!, /IP Address:127\.1\.2\.3/);
});

Deno.test("a placeholder makes room for the certificate", async () => {
  const client = createFakeClient([{
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "vault", name: "vault-tls", labels: { [placeholderLabel]: "true" } },
    type: "kubernetes.io/tls",
    data: { "tls.crt": "cGxhY2Vob2xkZXI=" },
  }]);
  assert.equal((await ensure(client)).renewed, false);
  assert.match(await textOf(client, "vault-tls", "tls.crt"), /BEGIN CERTIFICATE/);
});
