import assert from "node:assert/strict";
import { fixedCredential } from "../../../lib/kube/connection/auth.ts";
import { credentialProblem } from "../../../lib/kube/connection/auth_expiry.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { createTestAuthority } from "../certificates.ts";
import { status, withFakeApi } from "../fake_api.ts";

const now = Temporal.Instant.from("2026-11-21T12:00:00Z");
const at = (time: string) => new Date(time);
const authority = await createTestAuthority();
const expired = await authority.issue({
  subject: "O=system:masters, CN=admin",
  notBefore: at("2025-11-20T00:00:00Z"),
  notAfter: at("2026-11-20T00:00:00Z"),
});
const expiredCertificate = { ...expired, source: '/etc/k3s.yaml, user "admin"' };

Deno.test("an expired client certificate is named with the time of its end", async () => {
  const problem = await credentialProblem({ certificate: expiredCertificate }, now);
  assert.match(
    problem!.because,
    /the client certificate "O=system:masters, CN=admin" \(\/etc\/k3s\.yaml, user "admin"\) expired on 2026-11-20T00:00:00Z/,
  );
  assert.match(problem!.remedy, /fresh kubeconfig/);
});

Deno.test("a certificate from the future points at the clocks", async () => {
  const before = Temporal.Instant.from("2025-01-01T00:00:00Z");
  const problem = await credentialProblem({ certificate: expiredCertificate }, before);
  assert.match(problem!.because, /valid only from 2025-11-20T00:00:00Z/);
  assert.match(problem!.remedy, /clocks/);
});

Deno.test("an expired token is recognised by its exp claim, and never shown", async () => {
  const encode = (part: unknown) => btoa(JSON.stringify(part)).replaceAll("=", "");
  const token = (exp: unknown) => `Bearer ${encode({ alg: "none" })}.${encode({ exp })}.sig`;
  const ended = await credentialProblem({ authorization: token(1_700_000_000) }, now);
  assert.equal(ended!.because, "the token expired on 2023-11-14T22:13:20Z");
  assert.equal(await credentialProblem({ authorization: token(4_000_000_000) }, now), undefined);
  assert.equal(await credentialProblem({ authorization: token("soon") }, now), undefined);
});

Deno.test("credentials whose dates say nothing have no problem", async () => {
  const during = Temporal.Instant.from("2026-01-01T00:00:00Z");
  assert.equal(await credentialProblem({ certificate: expiredCertificate }, during), undefined);
  assert.equal(await credentialProblem({ authorization: "Bearer opaque" }, now), undefined);
  assert.equal(await credentialProblem({ authorization: "Bearer a.!!.c" }, now), undefined);
  assert.equal(
    await credentialProblem({ certificate: { certPem: "junk", keyPem: "", source: "x" } }, now),
    undefined,
  );
});

Deno.test("a 401 with an expired client certificate says which one, when, and what to do", () =>
  withFakeApi(
    () => status(401, "Unauthorized"),
    async ({ client }) => {
      await assert.rejects(client.read("/version"), (error) => {
        assert.ok(error instanceof StatusError);
        assert.equal(error.reason, "Unauthorized");
        assert.match(
          error.message,
          /^Cannot read \/version: Unauthorized: the client certificate "O=system:masters, CN=admin" .* expired on 2026-11-20/,
        );
        assert.match(error.remedy!, /fetch a fresh kubeconfig/);
        return true;
      });
    },
    {
      now: () => now,
      connection: { credentials: fixedCredential({ certificate: expiredCertificate }) },
    },
  ));
