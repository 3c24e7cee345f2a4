import assert from "node:assert/strict";
import { generateIdentity } from "age-encryption";
import { openKeys, readIdentityFiles } from "../../../lib/flows/vault/open_keys.ts";
import type { OpenVault } from "../../../lib/flows/vault/open.ts";
import type { Platform, Vault } from "../../../lib/platform/types.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";
import { createFakeClient } from "../../kube/fake_client.ts";

/** A Vault as far as its keys go. */
function vaultWith(declared: Partial<Vault>) {
  const client = createFakeClient();
  const platform = { name: "shop", environment: "prod" } as Platform;
  const cluster = () => Promise.resolve({ client });
  const vault = { name: "main", namespace: "vault", replicas: 1, ...declared };
  return { name: "main", declared: vault, platform, cluster } as unknown as OpenVault;
}

Deno.test("each run warns of shares that a Secret keeps, with the reason that the platform gives", async () => {
  const open = vaultWith({
    initialize: { secret: { name: "vault-keys", because: "nobody is on call" } },
  });
  for (let run = 1; run <= 2; run++) {
    const context = testContext();
    const keys = await openKeys(open, {}, context);
    assert.equal(keys.plain, true);
    assert.equal(context.events.length, 1);
    const [warning] = context.events;
    assert.ok(warning?.type === "note");
    assert.equal(warning.level, "warning");
    assert.match(
      warning.message,
      /Secret vault\/vault-keys, where all who can read Secrets can unseal it: nobody is on call/,
    );
    assert.match(warning.remedy!, /name holders with age recipients/);
  }
});

Deno.test("a Vault outside keeps no shares in the cluster, and one without holders says so", async () => {
  const outside = vaultWith({
    outside: { address: "https://vault.example.org:8200" },
    initialize: { secret: { name: "vault-keys", because: "x" } },
  });
  await assert.rejects(openKeys(outside, {}, testContext()), /a cluster that it must outlive/);
  await assert.rejects(
    openKeys(vaultWith({ initialize: {} }), {}, testContext()),
    /does not say who keeps the keys of the Vault main/,
  );
});

Deno.test("identities that were read are hidden from then on", () =>
  withFolder(async (cwd) => {
    const identity = await generateIdentity();
    await Deno.writeTextFile(`${cwd}/me.txt`, `# mine\n${identity}\n`);
    const context = testContext({ cwd });
    assert.deepEqual(await readIdentityFiles({ identity: ["me.txt"] }, context), [identity]);
    assert.ok(!context.redactor.redact(`it was ${identity}`).includes(identity));
    await assert.rejects(
      readIdentityFiles({ identity: ["nope.txt"] }, context),
      /Cannot read age identities from nope\.txt/,
    );
  }));
