import assert from "node:assert/strict";
import { createRedactor } from "../../../lib/core/redact.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { writeKeyNote } from "../../../lib/flows/seal/key_record.ts";
import { keyBackupState, tellKeyBackup } from "../../../lib/flows/seal/key_status.ts";
import { createFakeClient } from "../../kube/fake_client.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { makePairs } from "./sealed_tree.ts";
import type { SealingPair } from "../../seal/sealing_pair.ts";

const pairs = await makePairs();

const secretOf = (name: string, { cert, key }: SealingPair, label: string | undefined) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name,
    namespace: "sealed-secrets",
    ...(label === undefined
      ? {}
      : { labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": label } }),
  },
  type: "kubernetes.io/tls",
  data: { "tls.crt": btoa(cert), "tls.key": btoa(key) },
});

const platform = samplePlatform({
  charts: { "sealed-secrets": { namespace: "sealed-secrets", via: "k3s", values: {} } },
  sealedSecrets: {
    web: { namespace: "shop", scope: "strict", type: "Opaque", keys: ["A"], sealed: { A: "AgB" } },
  },
});

function world() {
  const events = new Array<SlipwayEvent>();
  const redactor = createRedactor();
  const context = {
    emit: (event: SlipwayEvent) => void events.push(event),
    signal: new AbortController().signal,
    redactor,
  };
  return { events, context, redactor };
}

const note = (fingerprints: string[]) => ({
  id: "20261121T030000Z-3fa9c2",
  store: "s3://backups",
  createdAt: "2026-11-21T03:00:00Z",
  fingerprints,
});

Deno.test("the state of a key backup follows what the cluster remembers of it", async () => {
  const { context } = world();
  const client = createFakeClient([
    secretOf("sealed-secrets-key", pairs.old, undefined),
    secretOf("sealed-secrets-keyabcde", pairs.foreign, "compromised"),
  ]);
  const state = async () => (await keyBackupState(client, "sealed-secrets", context))!;
  assert.equal((await state()).state, "none");
  const fingerprints = [pairs.old, pairs.foreign].map(({ certificate }) => certificate.fingerprint);
  await writeKeyNote(client, "sealed-secrets", note(fingerprints), context);
  assert.deepEqual([(await state()).state, (await state()).keys.length], ["current", 2]);
  client.set(secretOf("sealed-secrets-keyfghij", pairs.new, "active"));
  const stale = await state();
  assert.equal(stale.state, "stale");
  assert.match(stale.because, /lacks the newest key, sealed-secrets-keyfghij/);
});

Deno.test("status tells a stale key backup with its remedy, once there are keys", async () => {
  const { context, events } = world();
  const client = createFakeClient();
  assert.equal(await tellKeyBackup(platform, client, context), true);
  assert.equal(events.length, 0);
  client.set(secretOf("sealed-secrets-keyfghij", pairs.new, "active"));
  assert.equal(await tellKeyBackup(platform, client, context), false);
  const told = events.at(-1);
  assert.ok(told?.type === "note");
  assert.match(told.message, /the backup of the sealing keys in sealed-secrets is missing/);
  assert.match(told.remedy!, /deno task sealing-keys backup/);
  await writeKeyNote(client, "sealed-secrets", note([pairs.new.certificate.fingerprint]), context);
  assert.equal(await tellKeyBackup(platform, client, context), true);
});

Deno.test("status says that it does not know where it may not read Secrets, and asks nothing without sealed values", async () => {
  const { context, events } = world();
  const client = createFakeClient();
  const { sealedSecrets: _sealed, ...others } = platform;
  assert.equal(await tellKeyBackup({ ...others, sealedSecrets: {} }, client, context), true);
  assert.deepEqual(client.calls, []);
  const refused = new StatusError("secrets is forbidden", {
    code: 403,
    reason: "Forbidden",
  } as never);
  client.fail(/^list Secret/, refused);
  assert.equal(await tellKeyBackup(platform, client, context), true);
  assert.match(JSON.stringify(events), /is unknown: .*may|forbidden/);
});

Deno.test("private keys that were read are known to the redactor", async () => {
  const { context, redactor } = world();
  const client = createFakeClient([secretOf("sealed-secrets-key", pairs.old, undefined)]);
  await keyBackupState(client, "sealed-secrets", context);
  assert.ok(!redactor.redact(`x ${pairs.old.key} y`).includes("PRIVATE"));
  const line = pairs.old.key.split("\n")[3]!;
  assert.ok(!redactor.redact(line).includes(line));
});
