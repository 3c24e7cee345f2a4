import assert from "node:assert/strict";
import { hostFiles, writeHostFiles } from "../../../lib/flows/vault/host_files.ts";
import { sampleVault } from "../../platform/sample_vault.ts";
import { testContext } from "../../context.ts";

Deno.test("a host gets Vault's configuration, with a certificate where its address says https", () => {
  const { "vault.hcl": hcl } = hostFiles("bootstrap", "https://vault.example.org:8200");
  assert.match(hcl!, /api_addr = "https:\/\/vault\.example\.org:8200"/);
  assert.match(hcl!, /cluster_addr = "https:\/\/vault\.example\.org:8201"/);
  assert.match(hcl!, /tls_cert_file = "\/etc\/vault\.d\/tls\/tls\.crt"/);
  assert.match(hcl!, /path = "\/var\/lib\/vault"/);
  const { "vault.hcl": plain } = hostFiles("bootstrap", "http://10.0.0.7:8200");
  assert.match(plain!, /tls_disable = true/);
});

Deno.test("the unit gives up what Vault does not use, and binds low ports only where it must", () => {
  const { "vault.service": unit } = hostFiles("bootstrap", "https://vault.example.org:8200");
  for (const line of ["NoNewPrivileges=yes", "ProtectSystem=strict", "LimitCORE=0", "User=vault"]) {
    assert.ok(unit!.split("\n").includes(line), line);
  }
  assert.match(unit!, /^CapabilityBoundingSet=$/m);
  const { "vault.service": low } = hostFiles("bootstrap", "https://vault.example.org");
  assert.match(low!, /^CapabilityBoundingSet=CAP_NET_BIND_SERVICE$/m);
});

Deno.test("the files are written for a Vault outside of the cluster only", async () => {
  const out = await Deno.makeTempDir();
  const context = testContext({ cwd: out });
  try {
    await assert.rejects(
      writeHostFiles("host", "vault", sampleVault(), context),
      /the cluster runs its servers/,
    );
    const outside = { outside: { address: "https://vault.example.org:8200" } };
    await writeHostFiles("host", "vault", outside, context);
    const names = Array.from(Deno.readDirSync(`${out}/host`), ({ name }) => name).sort();
    assert.deepEqual(names, ["vault.hcl", "vault.service"]);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});
