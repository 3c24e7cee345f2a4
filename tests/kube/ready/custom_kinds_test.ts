import assert from "node:assert/strict";
import { verdictOf } from "../../../lib/kube/ready/verdict_of.ts";
import { sample } from "../sample_objects.ts";

const verdict = (...args: Parameters<typeof verdictOf>) => {
  const { state, because } = verdictOf(...args);
  return `${state}: ${because}`;
};
const conditions = (...list: Record<string, unknown>[]) => ({ status: { conditions: list } });

Deno.test("an object of an unknown kind is read by the API conventions", () => {
  const widget = (...list: Record<string, unknown>[]) =>
    verdict(sample("example.test/v1", "Widget", {
      metadata: { generation: 2 },
      ...conditions(...list),
    }));
  assert.equal(verdict(sample("example.test/v1", "Widget")), "ready: exists");
  assert.equal(widget({ type: "Ready", status: "True", reason: "Done" }), "ready: Done");
  assert.equal(
    widget({ type: "Ready", status: "False", message: "soon" }),
    "waiting: is not Ready: soon",
  );
  assert.equal(
    widget({ type: "Available", status: "Unknown" }),
    "waiting: is not Available: no reason given",
  );
  assert.equal(
    widget({ type: "Ready", status: "True", observedGeneration: 1 }),
    "waiting: Ready still speaks of generation 1",
  );
  assert.equal(
    widget({ type: "Ready", status: "True" }, {
      type: "Reconciling",
      status: "True",
      message: "at it",
    }),
    "waiting: at it",
  );
  assert.equal(
    widget({ type: "Stalled", status: "True", reason: "Invalid", message: "bad spec" }),
    "failed: is stalled: Invalid: bad spec",
  );
});

Deno.test("a Certificate is ready when its Ready condition speaks of its present generation", () => {
  const certificate = (...list: Record<string, unknown>[]) =>
    verdict(sample("cert-manager.io/v1", "Certificate", {
      metadata: { generation: 2 },
      status: { conditions: list, notAfter: "2026-04-01T00:00:00Z" },
    }));
  const ready = { type: "Ready", status: "True", reason: "Ready" };
  assert.equal(certificate(), "waiting: not seen by cert-manager yet");
  assert.equal(
    certificate({ ...ready, observedGeneration: 2 }),
    "ready: issued, valid until 2026-04-01T00:00:00Z",
  );
  assert.equal(
    certificate({ ...ready, observedGeneration: 1 }, {
      type: "Issuing",
      status: "True",
      reason: "SecretMismatch",
      message: "names differ",
    }),
    "waiting: is being issued: SecretMismatch: names differ",
  );
  assert.equal(
    certificate({ type: "Ready", status: "False", reason: "DoesNotExist" }, {
      type: "Issuing",
      status: "False",
      reason: "Failed",
      message: "the order is invalid",
    }),
    "failed: could not be issued: Failed: the order is invalid",
  );
});

Deno.test("an issuer or a store is not ready before its controller has looked at it", () => {
  const states = [
    ["cert-manager.io/v1", "Issuer"],
    ["cert-manager.io/v1", "ClusterIssuer"],
    ["external-secrets.io/v1", "SecretStore"],
    ["external-secrets.io/v1", "ClusterSecretStore"],
  ].flatMap(([apiVersion, kind]) => [
    verdictOf(sample(apiVersion!, kind!)).state,
    verdictOf(sample(apiVersion!, kind!, conditions({ type: "Ready", status: "True" }))).state,
    verdictOf(sample(apiVersion!, kind!, conditions({ type: "Ready", status: "False" }))).state,
  ]);
  assert.deepEqual([...new Set(states.slice(0, 3))], ["waiting", "ready", "failed"]);
  assert.deepEqual(states, Array(4).fill(["waiting", "ready", "failed"]).flat());
});

Deno.test("an ExternalSecret is ready when its present generation is synced", () => {
  const externalSecret = (version: string, condition: Record<string, unknown>) =>
    verdict(sample("external-secrets.io/v1", "ExternalSecret", {
      metadata: { generation: 2 },
      status: { syncedResourceVersion: version, conditions: [{ type: "Ready", ...condition }] },
    }));
  const synced = { status: "True", reason: "SecretSynced", message: "secret synced" };
  assert.equal(externalSecret("2-abc", synced), "ready: SecretSynced: secret synced");
  assert.equal(externalSecret("1-abc", synced), "waiting: generation 2 is not synced yet");
  assert.equal(
    externalSecret("", { status: "False", reason: "SecretSyncedError", message: "no such path" }),
    "failed: is not synced: SecretSyncedError: no such path",
  );
});

function application(status: Record<string, unknown>, automated?: object) {
  return sample("argoproj.io/v1alpha1", "Application", {
    spec: {
      source: { repoURL: "https://git.test/infra", path: "apps/web", targetRevision: "main" },
      ...(automated === undefined ? {} : { syncPolicy: { automated } }),
    },
    status,
  });
}

Deno.test("an Application is ready when it is Synced and Healthy", () => {
  const sync = { status: "Synced" };
  assert.equal(verdict(application({})), "waiting: not seen by Argo CD yet");
  assert.equal(
    verdict(application({ sync, health: { status: "Healthy" } })),
    "ready: Synced and Healthy",
  );
  assert.equal(
    verdict(application({
      sync,
      health: { status: "Progressing" },
      resources: [{ kind: "Deployment", name: "web", health: { status: "Progressing" } }],
    })),
    "waiting: Synced and Progressing: Deployment web is Progressing",
  );
  assert.equal(
    verdict(
      application({ sync, health: { status: "Healthy" }, operationState: { phase: "Running" } }),
    ),
    "waiting: a sync is running",
  );
});

Deno.test("an Application that is OutOfSync without an automated policy says that somebody must sync it", () => {
  const status = { sync: { status: "OutOfSync" }, health: { status: "Missing" } };
  assert.match(verdict(application(status)), /somebody must sync it$/);
  assert.equal(verdict(application(status, {})), "waiting: OutOfSync and Missing");
});

Deno.test("an Application whose sync failed gives the operation's message, and may heal", () => {
  const status = {
    sync: { status: "OutOfSync" },
    health: { status: "Missing" },
    operationState: { phase: "Failed", message: "one or more objects failed to apply" },
  };
  assert.deepEqual(verdictOf(application(status, {})), {
    state: "failed",
    because: "the last sync failed: one or more objects failed to apply",
    mayHeal: true,
  });
  const unreachable = {
    conditions: [{ type: "ComparisonError", message: "repository not found" }],
  };
  assert.equal(verdict(application(unreachable)), "failed: ComparisonError: repository not found");
});

Deno.test("an Application's answer about its former source does not count", () => {
  const compared = (targetRevision: string) => ({
    health: { status: "Healthy" },
    sync: {
      status: "Synced",
      comparedTo: {
        source: { repoURL: "https://git.test/infra", path: "apps/web", targetRevision },
      },
    },
  });
  assert.equal(
    verdict(application(compared("v1"))),
    "waiting: still compared with its former source",
  );
  assert.equal(verdict(application(compared("main"))), "ready: Synced and Healthy");
});
