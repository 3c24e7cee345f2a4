import assert from "node:assert/strict";
import { inventoryLabel } from "../../../lib/core/labels.ts";
import type { KubeObject } from "../../../lib/core/object.ts";
import { restartWorkload, usersByAgent, usersOf } from "../../../lib/kube/restart/restart.ts";
import { dataChangedAt, mayHaveBegunBefore, usesSecret } from "../../../lib/kube/restart/users.ts";
import { createFakeClient } from "../fake_client.ts";
import { sample } from "../sample_objects.ts";

function workload(pod: Record<string, unknown>, name = "web", annotations = {}): KubeObject {
  return sample("apps/v1", "Deployment", {
    metadata: { name, labels: { [inventoryLabel]: "shop.prod" } },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name }, annotations }, spec: pod },
    },
  });
}

const reading = { containers: [{ name: "web", envFrom: [{ secretRef: { name: "database" } }] }] };

Deno.test("usesSecret() finds a Secret in variables, files and init containers", () => {
  const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "database", key: "a" } } }];
  const volume = { name: "v", secret: { secretName: "database" } };
  const projected = { name: "v", projected: { sources: [{ secret: { name: "database" } }] } };
  for (
    const pod of [
      reading,
      { containers: [{ env }] },
      { initContainers: [{ env }], containers: [] },
      { containers: [], volumes: [volume] },
      { containers: [], volumes: [projected] },
    ]
  ) {
    assert.equal(usesSecret(workload(pod), "database"), true, JSON.stringify(pod));
    assert.equal(usesSecret(workload(pod), "other"), false, JSON.stringify(pod));
  }
});

Deno.test("usesSecret() leaves out what is read with each pull of an image", () => {
  const pod = { containers: [], imagePullSecrets: [{ name: "database" }] };
  assert.equal(usesSecret(workload(pod), "database"), false);
});

function secret(...changes: { manager: string; time: string; fields: string }[]): KubeObject {
  return sample("v1", "Secret", {
    metadata: {
      name: "database",
      creationTimestamp: "2026-01-01T00:00:00Z",
      managedFields: changes.map(({ manager, time, fields }) => ({
        manager,
        operation: "Update" as const,
        time,
        fieldsV1: { [fields]: {} },
      })),
    },
  });
}

Deno.test("dataChangedAt() counts who holds data, and not who set a label later", () => {
  const data = { manager: "external-secrets", time: "2026-01-02T00:00:00Z", fields: "f:data" };
  const label = { manager: "kubectl", time: "2026-01-03T00:00:00Z", fields: "f:metadata" };
  assert.equal(dataChangedAt(secret(data, label)), "2026-01-02T00:00:00Z");
  assert.equal(dataChangedAt(secret(label)), "2026-01-01T00:00:00Z");
});

Deno.test("mayHaveBegunBefore() takes a pod of the same second for older, and leaves out those that end", () => {
  const changedAt = "2026-01-02T00:00:00Z";
  const pod = (second: string, more: Record<string, unknown> = {}, phase = "Running") =>
    sample("v1", "Pod", {
      metadata: { creationTimestamp: `2026-01-${second}Z`, ...more },
      status: { phase },
    });
  assert.equal(mayHaveBegunBefore(pod("01T23:59:59"), changedAt), true);
  assert.equal(mayHaveBegunBefore(pod("02T00:00:00"), changedAt), true);
  assert.equal(mayHaveBegunBefore(pod("02T00:00:01"), changedAt), false);
  const going = { deletionTimestamp: changedAt };
  assert.equal(mayHaveBegunBefore(pod("01T00:00:00", going), changedAt), false);
  assert.equal(mayHaveBegunBefore(pod("01T00:00:00", {}, "Succeeded"), changedAt), false);
});

Deno.test("usersOf() counts the pods that are older than the Secret's data", async () => {
  const pod = (name: string, app: string, creationTimestamp: string) =>
    sample("v1", "Pod", { metadata: { name, labels: { app }, creationTimestamp } });
  const client = createFakeClient([
    secret({ manager: "external-secrets", time: "2026-01-02T00:00:00Z", fields: "f:data" }),
    workload(reading),
    workload({ containers: [] }, "other"),
    pod("web-old", "web", "2026-01-01T00:00:00Z"),
    pod("web-new", "web", "2026-01-03T00:00:00Z"),
    pod("other-old", "other", "2026-01-01T00:00:00Z"),
  ]);
  const users = await usersOf(client, { namespace: "shop", name: "database" });
  assert.deepEqual(users, [{
    ref: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" },
    outdatedPods: 1,
  }]);
  assert.deepEqual(await usersOf(client, { namespace: "shop", name: "absent" }), []);
});

Deno.test("usersByAgent() finds who has a Vault Agent for the path", async () => {
  const annotations = { "vault.hashicorp.com/agent-inject-secret-db": "secret/data/shop/database" };
  const client = createFakeClient([
    workload({ containers: [] }, "agent", annotations),
    workload(reading),
    sample("v1", "Pod", { metadata: { name: "agent-1", labels: { app: "agent" } } }),
  ]);
  const users = await usersByAgent(client, "secret/data/shop/database", "shop.prod");
  assert.deepEqual(users.map(({ ref, outdatedPods }) => [ref.name, outdatedPods]), [["agent", 1]]);
  assert.deepEqual(await usersByAgent(client, "secret/data/shop/other", "shop.prod"), []);
});

Deno.test("restartWorkload() marks the pods' template, as kubectl does", async () => {
  const client = createFakeClient([workload(reading)]);
  const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
  await restartWorkload(client, ref, Temporal.Instant.from("2026-01-02T03:04:05Z"));
  const { spec } = await client.get(ref) as KubeObject & {
    spec: { template: { metadata: { annotations: Record<string, string> } } };
  };
  assert.deepEqual(spec.template.metadata.annotations, {
    "kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z",
  });
});
