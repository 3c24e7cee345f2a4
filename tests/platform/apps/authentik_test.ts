import assert from "node:assert/strict";
import { authentikParts } from "../../../lib/platform/apps/authentik.ts";
import { sampleIdentityProvider } from "./sample_apps.ts";

Deno.test("Authentik is a server with a Service of its name, and a worker that nobody calls", () => {
  const { workloads } = authentikParts("auth", sampleIdentityProvider());
  const server = workloads["auth-server"]!;
  const worker = workloads["auth-worker"]!;
  assert.deepEqual(Object.keys(server.services), ["auth"]);
  assert.deepEqual(worker.services, {});
  assert.deepEqual([server.args, worker.args], [["server"], ["worker"]]);
  assert.deepEqual([server.replicas, worker.replicas], [2, 1]);
  assert.deepEqual(server.disruptionBudget, { maxUnavailable: 1 });
  // A budget for one pod would keep its node from being drained, or say nothing.
  assert.equal(worker.disruptionBudget, undefined);
});

Deno.test("Authentik's passwords come from Secrets, and no variable holds one", () => {
  const { workloads } = authentikParts(
    "auth",
    sampleIdentityProvider({
      redis: { host: "redis.shop.svc", secret: "redis" },
      secret: { name: "authentik", bootstrapPasswordKey: "password", bootstrapEmail: "a@b.cd" },
    }),
  );
  for (const { env = {} } of Object.values(workloads)) {
    for (const [name, value] of Object.entries(env)) {
      if (!/PASSWORD|SECRET/.test(name)) continue;
      assert.equal(typeof value, "object", name);
    }
  }
  const { env = {} } = workloads["auth-worker"]!;
  assert.deepEqual(env["AUTHENTIK_REDIS__PASSWORD"], { secret: "redis", key: "password" });
  assert.deepEqual(env["AUTHENTIK_BOOTSTRAP_PASSWORD"], { secret: "authentik", key: "password" });
});

Deno.test("only the worker, which applies blueprints, knows the secrets of clients", () => {
  const { workloads, configMaps } = authentikParts("auth", sampleIdentityProvider());
  const variable = "SLIPWAY_CLIENT_SECRET_GRAFANA";
  assert.deepEqual(workloads["auth-worker"]!.env![variable], {
    secret: "grafana-client",
    key: "client-secret",
  });
  assert.equal(variable in workloads["auth-server"]!.env!, false);
  const [mounted] = Object.values(workloads["auth-worker"]!.mounts!).flatMap(({ config }) =>
    config ?? []
  );
  assert(mounted !== undefined && mounted in configMaps);
});

Deno.test("Authentik runs without Redis, which newer releases do not know", () => {
  const { workloads } = authentikParts("auth", sampleIdentityProvider());
  const names = Object.keys(workloads["auth-server"]!.env!);
  assert.deepEqual(names.filter((name) => name.includes("REDIS")), []);
});
