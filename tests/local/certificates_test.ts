import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { ensureCertificates } from "../../lib/local/certificates.ts";
import { inScratch } from "./scratch.ts";

const start = Temporal.Instant.from("2026-11-21T06:00:00Z");
const later = (days: number) => start.add({ hours: 24 * days });

async function read(folder: string, name: string): Promise<X509Certificate> {
  return new X509Certificate(await Deno.readTextFile(`${folder}/${name}.crt`));
}

Deno.test("the server's certificate holds for loopback and for the names that pods use", () =>
  inScratch(async (folder) => {
    await ensureCertificates(folder, start);
    const [authority, server] = [await read(folder, "ca"), await read(folder, "apiserver")];
    assert.ok(authority.ca);
    assert.ok(server.verify(authority.publicKey));
    assert.ok(server.checkIP("127.0.0.1"));
    assert.ok(server.checkIP("10.43.0.1"));
    assert.ok(server.checkHost("kubernetes.default.svc.cluster.local"));
    assert.ok(!server.ca);
  }));

Deno.test("clients are who Kubernetes takes them for", () =>
  inScratch(async (folder) => {
    await ensureCertificates(folder, start);
    assert.equal((await read(folder, "admin")).subject, "O=system:masters\nCN=slipway-admin");
    assert.equal(
      (await read(folder, "scheduler")).subject,
      "CN=system:kube-scheduler",
    );
    const proxy = await read(folder, "front-proxy-client");
    assert.ok(proxy.verify((await read(folder, "front-proxy-ca")).publicKey));
    assert.ok(!proxy.verify((await read(folder, "ca")).publicKey));
  }));

Deno.test("all files may be read by their owner only", () =>
  inScratch(async (folder) => {
    await ensureCertificates(folder, start);
    for await (const { name } of Deno.readDir(folder)) {
      assert.equal((await Deno.stat(`${folder}/${name}`)).mode! & 0o777, 0o600, name);
    }
  }));

Deno.test("certificates that are good are left alone", () =>
  inScratch(async (folder) => {
    assert.equal((await ensureCertificates(folder, start)).length, 10);
    assert.deepEqual(await ensureCertificates(folder, later(300)), []);
  }));

Deno.test("certificates near their end are renewed, by the same authority and for the same tokens", () =>
  inScratch(async (folder) => {
    await ensureCertificates(folder, start);
    const authority = await Deno.readTextFile(`${folder}/ca.crt`);
    const made = await ensureCertificates(folder, later(340));
    assert.ok(made.includes("apiserver") && made.includes("admin"), made.join());
    assert.ok(!made.includes("ca") && !made.includes("service-account"), made.join());
    assert.equal(await Deno.readTextFile(`${folder}/ca.crt`), authority);
    const days = (Date.parse((await read(folder, "admin")).validTo) -
      later(340).epochMilliseconds) / 86_400_000;
    assert.ok(days > 360 && days <= 365, String(days));
  }));

Deno.test("a new authority takes all with it that the old one signed", () =>
  inScratch(async (folder) => {
    await ensureCertificates(folder, start);
    await Deno.remove(`${folder}/ca.crt`);
    const made = await ensureCertificates(folder, start);
    assert.deepEqual(made, [
      "ca",
      "apiserver",
      "admin",
      "controller-manager",
      "scheduler",
      "kwok",
      "node-agent",
    ]);
  }));

Deno.test("a key and a certificate that do not belong together, as after a crash, are replaced", () =>
  inScratch(async (folder) => {
    await ensureCertificates(folder, start);
    await Deno.copyFile(`${folder}/kwok.key`, `${folder}/scheduler.key`);
    await Deno.writeTextFile(`${folder}/admin.crt`, "-----BEGIN CERT");
    assert.deepEqual(await ensureCertificates(folder, start), ["admin", "scheduler"]);
    assert.deepEqual(await ensureCertificates(folder, start), []);
  }));
