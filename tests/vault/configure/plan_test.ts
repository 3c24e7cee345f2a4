import assert from "node:assert/strict";
import { isVaultConverged, subjectOfChange } from "../../../lib/vault/configure/change.ts";
import type { DesiredEntry, DesiredVault } from "../../../lib/vault/configure/desired.ts";
import { planVault } from "../../../lib/vault/configure/plan.ts";
import { planEntry } from "../../../lib/vault/configure/plan_entries.ts";
import { fakeVault } from "./fake_vault.ts";

const nothing: DesiredVault = {
  audit: [],
  mounts: [],
  auth: [],
  entries: [],
  authorities: [],
  connections: [],
  seeds: [],
  readWhole: [],
};
const now = Temporal.Instant.from("2026-11-21T12:00:00Z");

const role: DesiredEntry = {
  kind: "Kubernetes role",
  name: "kubernetes/shop",
  path: "auth/kubernetes/role/shop",
  fields: { token_policies: ["a", "b"], token_ttl: 3600 },
};

Deno.test("planEntry() makes what is not there", () => {
  assert.deepEqual(planEntry(role, undefined), {
    kind: "Kubernetes role",
    name: "kubernetes/shop",
    action: "created",
    diff: [],
    act: {
      do: "write",
      requests: [{ method: "POST", path: role.path, body: role.fields }],
    },
  });
});

Deno.test("planEntry() takes lists as sets, and leaves fields alone that nobody declares", () => {
  const live = { token_policies: ["b", "a"], token_ttl: 3600, token_max_ttl: 7200 };
  assert.equal(planEntry(role, live).action, "unchanged");
});

Deno.test("planEntry() shows each field that differs", () => {
  const change = planEntry(role, { token_policies: ["root"], token_ttl: 0 });
  assert.equal(change.action, "configured");
  assert.deepEqual(change.diff, [
    'token_policies: ["root"] → ["a","b"]',
    "token_ttl: 0 → 3600",
  ]);
});

Deno.test("planEntry() knows a single address without the length of its network again", () => {
  const entry = { ...role, fields: { token_bound_cidrs: ["10.0.0.1/32", "10.1.0.0/16"] } };
  const live = { token_bound_cidrs: ["10.0.0.1", "10.1.0.0/16"] };
  assert.equal(planEntry(entry, live).action, "unchanged");
});

Deno.test("planEntry() keeps the order of statements", () => {
  const entry = { ...role, fields: { creation_statements: ["CREATE", "GRANT"] } };
  assert.equal(planEntry(entry, { creation_statements: ["GRANT", "CREATE"] }).action, "configured");
});

Deno.test("planEntry() shows a policy by the rules that differ, whichever lines they share", () => {
  const rule = (path: string, capability: string) =>
    `path "${path}" {\n  capabilities = ["${capability}"]\n}\n`;
  const entry: DesiredEntry = {
    kind: "policy",
    name: "shop",
    path: "sys/policies/acl/shop",
    fields: { policy: `${rule("a", "read")}\n${rule("b", "update")}\n${rule("c", "list")}` },
  };
  const live = `${rule("a", "update")}\n${rule("b", "read")}\n${rule("c", "list")}`;
  const change = planEntry(entry, { policy: live });
  assert.equal(change.action, "configured");
  assert.deepEqual(change.diff.filter((line) => !line.endsWith("}")), [
    '- path "a" {',
    '-   capabilities = ["update"]',
    '- path "b" {',
    '-   capabilities = ["read"]',
    '+ path "a" {',
    '+   capabilities = ["read"]',
    '+ path "b" {',
    '+   capabilities = ["update"]',
  ]);
  const turned = `${rule("c", "list")}\n${rule("b", "update")}\n${rule("a", "read")}`;
  assert.equal(planEntry(entry, { policy: turned }).action, "configured");
});

Deno.test("planEntry() does not touch a key of another type, and changes its settings elsewhere", () => {
  const key: DesiredEntry = {
    kind: "Transit key",
    name: "transit/unseal",
    path: "transit/keys/unseal",
    settingsPath: "transit/keys/unseal/config",
    fixed: { type: "aes256-gcm96", exportable: false },
    fields: { auto_rotate_period: 60 },
  };
  const other = planEntry(key, { type: "ed25519", exportable: false, auto_rotate_period: 60 });
  assert.equal(other.action, "conflicted");
  assert.equal(other.act, undefined);
  const slow = planEntry(key, { type: "aes256-gcm96", exportable: false, auto_rotate_period: 0 });
  assert.deepEqual(slow.act, {
    do: "write",
    requests: [{ method: "POST", path: key.settingsPath!, body: { auto_rotate_period: 60 } }],
  });
});

Deno.test("planVault() orders by what stands on what, and reads only", async () => {
  const client = fakeVault({});
  const plan = await planVault(client, {
    ...nothing,
    entries: [role, { ...role, kind: "policy", name: "shop", path: "sys/policies/acl/shop" }],
    mounts: [{ path: "secret", type: "kv", options: { version: "2" } }],
    auth: [{ path: "kubernetes", type: "kubernetes" }],
    audit: [{ path: "file", type: "file", options: { file_path: "stdout" } }],
    seeds: [{ mount: "secret", path: "a", keys: { KEY: { from: "person", question: "?" } } }],
  }, { now });
  assert.deepEqual(plan.changes.map(subjectOfChange), [
    "audit device file",
    "secrets engine secret",
    "auth method kubernetes",
    "policy shop",
    "Kubernetes role kubernetes/shop",
    "secret secret/a",
  ]);
  assert.ok(client.requests.every(({ method }) => method === "GET" || method === "LIST"));
});

const occupied = {
  "sys/mounts": { "secret/": { type: "kv", options: { version: "1" } }, "old/": { type: "kv" } },
  "sys/auth": { "token/": { type: "token" }, "userpass/": { type: "userpass" } },
  "sys/audit": { "file/": { type: "file" } },
  "sys/policies/acl/": ["default", "root", "mine"],
};

Deno.test("planVault() does not turn an engine into one of another type", async () => {
  const { changes } = await planVault(fakeVault(occupied), {
    ...nothing,
    mounts: [{ path: "secret", type: "kv", options: { version: "2" } }],
  }, { now });
  assert.equal(changes[0]!.action, "conflicted");
  assert.match(changes[0]!.because!, /^version: "1" → "2", which cannot be changed in place$/);
});

Deno.test("planVault() counts what nobody declares, and removes policies only when asked to", async () => {
  const kept = await planVault(fakeVault(occupied), nothing, { now });
  assert.ok(isVaultConverged(kept));
  assert.deepEqual(kept.unmanaged, {
    policy: 1,
    "secrets engine": 2,
    "auth method": 1,
    "audit device": 1,
  });
  const purged = await planVault(fakeVault(occupied), nothing, { now, purge: true });
  assert.deepEqual(purged.changes.map(subjectOfChange), ["policy mine"]);
});

Deno.test("planVault() removes a mount only by its name, never Vault's own, and never an audit device", async () => {
  const purgeMounts = ["old", "auth/userpass", "sys", "auth/token", "audit/file", "file"];
  const plan = await planVault(fakeVault(occupied), nothing, { now, purge: true, purgeMounts });
  const paths = plan.changes.map(({ act }) => act?.do === "write" ? act.requests[0]!.path : "");
  assert.deepEqual(paths, ["sys/policies/acl/mine", "sys/auth/userpass", "sys/mounts/old"]);
  assert.deepEqual(plan.notes.map(({ message }) => message.split(" is removed")[0]), [
    "Nothing at sys",
    "Nothing at auth/token",
    "Nothing at audit/file",
    "Nothing at file",
  ]);
});

Deno.test("planVault() takes a role whose name Vault writes small for the platform's own", async () => {
  const client = fakeVault({ "auth/kubernetes/role/": ["shop", "other"] });
  const { unmanaged } = await planVault(client, {
    ...nothing,
    auth: [{ path: "kubernetes", type: "kubernetes" }],
    entries: [{ ...role, path: "auth/kubernetes/role/Shop" }],
  }, { now });
  assert.equal(unmanaged["Kubernetes role"], 1);
});

Deno.test("planVault() goes on with the key that a run left without a certificate", async () => {
  const authority = {
    mount: "pki-intermediate",
    commonName: "Intermediate",
    ttlSeconds: 3600,
    keyType: "ec" as const,
    keyBits: 256,
    signedBy: "pki",
  };
  const client = fakeVault({ "pki-intermediate/keys/": ["key-1"] });
  const { changes } = await planVault(client, { ...nothing, authorities: [authority] }, { now });
  assert.deepEqual(changes[0]!.act, { do: "authority", authority, keyId: "key-1" });
});
