import assert from "node:assert/strict";
import { checkServer, unsealNeeds } from "../../../lib/flows/vault/restore_needs.ts";
import type { VaultBackupSeal } from "../../../lib/vault/snapshot/details.ts";

const record = { scope: "shop-prod", name: "main", createdAt: "2026-11-21T03:00:00Z" };
const shamir: VaultBackupSeal = { type: "shamir", shares: 5, threshold: 3 };
const transit: VaultBackupSeal = {
  ...{ type: "transit", shares: 4, threshold: 2 },
  transit: {
    ...{ vault: "bootstrap", address: "https://bootstrap:8200", mountPath: "transit" },
    ...{ key: "autounseal", version: 3 },
  },
};

Deno.test("what unseals a restored Vault is told: how many of whose shares, and who has them", () => {
  assert.equal(
    unsealNeeds(record, { ...shamir, holders: ["ana", "bob"] }),
    "3 of the 5 shares of the Vault shop-prod/main as it was on 2026-11-21, which are with ana, bob",
  );
});

Deno.test("what unseals a restored Vault is told: which key of which other Vault", () => {
  assert.equal(
    unsealNeeds(record, transit),
    "the key transit/autounseal, version 3, of the Vault bootstrap at https://bootstrap:8200; and a token of it, or 2 of the 4 recovery shares of the Vault shop-prod/main as it was on 2026-11-21",
  );
});

Deno.test("a server that is unsealed in another way is refused, with how to configure it", () => {
  const version = "1.21.1";
  assert.throws(
    () => checkServer("main", { type: "shamir", version }, { seal: transit, version }),
    /it is unsealed by shamir, and the backup by transit/,
  );
  assert.throws(
    () => checkServer("main", { type: "transit", version }, { seal: shamir, version }),
    /it is unsealed by transit, and the backup by shamir/,
  );
});

Deno.test("a server that is older than the backup is refused, a newer one is not", () => {
  const check = (version: string, of: string) =>
    checkServer("main", { type: "shamir", version }, { seal: shamir, version: of });
  assert.throws(
    () => check("1.20.4", "1.21.1"),
    /its version is 1\.20\.4, and the backup is of 1\.21\.1/,
  );
  assert.throws(() => check("1.21.1", "2.0.0"), /is of 2\.0\.0/);
  check("1.21.0", "1.21.1");
  check("2.0.0", "1.21.1");
});
