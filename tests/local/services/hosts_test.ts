import assert from "node:assert/strict";
import { hostsText } from "../../../lib/local/services/hosts.ts";

Deno.test("services find each other by the names that they have, after those of the machine", () => {
  const text = hostsText("127.0.0.1 localhost\n\n", [
    { hosts: { "vault.vault.svc": ["127.1.1.1"], "vault-0.vault": ["127.1.1.1"] } },
    { hosts: { "vault.vault.svc": ["127.1.1.2"] } },
    {},
  ]);
  assert.deepEqual(text.split("\n"), [
    "127.0.0.1 localhost",
    "127.1.1.1 vault-0.vault",
    "127.1.1.1 vault.vault.svc",
    "127.1.1.2 vault.vault.svc",
    "",
  ]);
});

Deno.test("an address that two services give a name stands there once", () => {
  const service = { hosts: { store: ["127.1.1.1"] } };
  assert.equal(hostsText("", [service, service]), "\n127.1.1.1 store\n");
});
