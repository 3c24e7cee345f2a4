import assert from "node:assert/strict";
import { placeholderLabel } from "../../../lib/core/labels.ts";
import type { KubeObject } from "../../../lib/core/object.ts";
import { declaredKeysOf } from "../../../lib/kube/ready/external_secret.ts";
import { verdictOf } from "../../../lib/kube/ready/verdict_of.ts";
import { externalSecret as render } from "../../../manifests/components/secrets/secret.ts";
import { sample } from "../sample_objects.ts";

const synced = {
  syncedResourceVersion: "1-abc",
  conditions: [{ type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" }],
};

function externalSecret(spec: Record<string, unknown> = {}): KubeObject {
  const data = ["PGUSER", "PGPASSWORD"].map((secretKey) => ({ secretKey }));
  return sample("external-secrets.io/v1", "ExternalSecret", {
    metadata: { generation: 1 },
    spec: { data, target: { creationPolicy: "Owner" }, ...spec },
    status: synced,
  });
}

function verdict(secret: KubeObject | null | undefined, spec?: Record<string, unknown>): string {
  const { state, because } = verdictOf(
    externalSecret(spec),
    secret === undefined ? {} : { secret },
  );
  return `${state}: ${because}`;
}

const withKeys = (...keys: string[]) =>
  sample("v1", "Secret", { data: Object.fromEntries(keys.map((key) => [key, "eA=="])) });

Deno.test("an ExternalSecret is ready when its Secret has exactly the keys that it declares", () => {
  assert.equal(verdict(withKeys("PGUSER", "PGPASSWORD")), "ready: SecretSynced: secret synced");
  assert.equal(verdict(undefined), "ready: SecretSynced: secret synced");
  assert.equal(verdict(null), "waiting: its Secret web does not exist");
  assert.equal(verdict(withKeys("PGUSER")), "waiting: its Secret web lacks PGPASSWORD");
  assert.equal(verdict(sample("v1", "Secret")), "waiting: its Secret web lacks PGUSER, PGPASSWORD");
  assert.equal(
    verdict(withKeys("PGUSER", "PGPASSWORD", "PGHOST")),
    "waiting: its Secret web has PGHOST, which is not declared",
  );
});

Deno.test("a Secret that it shares with others may have more keys", () => {
  const merging = { target: { name: "shared", creationPolicy: "Merge" } };
  assert.match(verdict(withKeys("PGUSER", "PGPASSWORD", "PGHOST"), merging), /^ready/);
  assert.equal(verdict(withKeys("PGUSER"), merging), "waiting: its Secret shared lacks PGPASSWORD");
});

Deno.test("where no Secret is made, none is missed", () => {
  assert.match(verdict(null, { target: { creationPolicy: "None" } }), /^ready/);
});

Deno.test("a placeholder is not what External Secrets delivers", () => {
  const placeholder = sample("v1", "Secret", {
    metadata: { labels: { [placeholderLabel]: "true" } },
    data: { PGUSER: "eA==", PGPASSWORD: "eA==" },
  });
  assert.equal(verdict(placeholder), "waiting: its Secret web still holds placeholders");
});

Deno.test("declaredKeysOf() reads the template where there is one", () => {
  const keysOf = (options: Partial<Parameters<typeof render>[1]>) => {
    const base = {
      namespace: "shop",
      store: "vault",
      refreshInterval: "1h",
      from: "shop/database",
    };
    return declaredKeysOf(render("database", { ...base, ...options })[0]!);
  };
  assert.deepEqual(keysOf({ keys: ["A", "B"] }), { keys: ["A", "B"], only: true });
  assert.deepEqual(keysOf({ keys: ["A"], type: "kubernetes.io/basic-auth" }), {
    keys: ["A"],
    only: true,
  });
  const pullSecret = { registry: "ghcr.io", usernameKey: "user", passwordKey: "token" };
  assert.deepEqual(keysOf({ pullSecret }), { keys: [".dockerconfigjson"], only: true });
});

Deno.test("declaredKeysOf() knows when there may be more keys than it says", () => {
  const data = [{ secretKey: "A" }];
  const open = (spec: Record<string, unknown>) => declaredKeysOf(externalSecret({ data, ...spec }));
  assert.deepEqual(open({ dataFrom: [{ extract: { key: "shop" } }] }), {
    keys: ["A"],
    only: false,
  });
  const merged = { creationPolicy: "Owner", template: { mergePolicy: "Merge", data: { B: "" } } };
  assert.deepEqual(open({ target: merged }), { keys: ["A", "B"], only: true });
  const from = { creationPolicy: "Owner", template: { templateFrom: [{}] } };
  assert.deepEqual(open({ target: from }), { keys: ["A"], only: false });
});
