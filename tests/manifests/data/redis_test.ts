import assert from "node:assert/strict";
import type { Redis, Valkey } from "../../../lib/platform/types.ts";
import { objectsOf } from "../../../manifests/components/data/parts.ts";
import { redis } from "../../../manifests/components/data/redis.ts";
import { valkey } from "../../../manifests/components/data/valkey.ts";
import { sampleRedis, sampleValkey } from "../../platform/sample_data.ts";
import { find, namesOf } from "../find.ts";

const render = (changes: Partial<Redis> = {}) => objectsOf(redis("cache", sampleRedis(changes)));
const configOf = (changes: Partial<Redis> = {}, file = "redis.conf") =>
  find(render(changes), "ConfigMap", "shop/cache-config").data[file] as string;

/** All that a pod's containers are told, but not the name of a Secret's key. */
// deno-lint-ignore no-explicit-any
const told = (pod: any) => JSON.stringify([pod.initContainers, pod.containers]);

Deno.test("redis() leaves a quarter of the memory limit for copies, unless told otherwise", () => {
  assert.match(configOf(), /^maxmemory 100663296$/m);
  assert.match(configOf({ maxmemory: "64Mi" }), /^maxmemory 67108864$/m);
  assert.match(configOf(), /^maxmemory-policy allkeys-lru$/m);
});

Deno.test("redis() keeps data as asked: a log, snapshots, both or none", () => {
  assert.match(configOf(), /^appendonly yes$/m);
  assert.match(configOf(), /^save 3600 1 300 100 60 10000$/m);
  assert.match(configOf({ persistence: ["rdb"] }), /^appendonly no$/m);
  assert.match(configOf({ persistence: ["aof"] }), /^save ""$/m);
});

Deno.test("redis() tells Sentinels how soon a master counts as down", () => {
  assert.equal(
    configOf({}, "sentinel.conf"),
    "sentinel down-after-milliseconds mymaster 5000\n" +
      "sentinel failover-timeout mymaster 10000\n" +
      "sentinel parallel-syncs mymaster 1\n",
  );
});

Deno.test("redis() has the password in no ConfigMap and on no command line", () => {
  for (const name of ["cache", "cache-sentinel"]) {
    const kind = name === "cache" ? "StatefulSet" : "DaemonSet";
    const { spec } = find(render(), kind, `shop/${name}`).spec.template;
    assert.match(told(spec), /"REDISCLI_AUTH","valueFrom":\{"secretKeyRef"/);
    assert.doesNotMatch(told(spec), /--requirepass|--pass|-a /);
  }
  assert.doesNotMatch(configOf(), /requirepass/);
});

Deno.test("redis() starts its servers at once and keeps them on different nodes", () => {
  const { spec } = find(render(), "StatefulSet", "shop/cache");
  assert.equal(spec.podManagementPolicy, "Parallel");
  const [term] = spec.template.spec.affinity.podAntiAffinity
    .requiredDuringSchedulingIgnoredDuringExecution;
  assert.deepEqual(term.labelSelector.matchLabels, spec.selector.matchLabels);
  assert.equal(find(render(), "PodDisruptionBudget", "shop/cache").spec.maxUnavailable, 1);
});

Deno.test("redis() selects servers and Sentinels apart by its Services", () => {
  const servers = find(render(), "Service", "shop/cache").spec.selector;
  const sentinels = find(render(), "Service", "shop/cache-sentinel").spec.selector;
  assert.equal(servers["app.kubernetes.io/component"], "server");
  assert.equal(sentinels["app.kubernetes.io/component"], "sentinel");
});

Deno.test("redis() never has two Sentinels of a Deployment on one node, even while they are replaced", () => {
  const sentinel = { ...sampleRedis().sentinel, kind: "Deployment" as const };
  const { spec } = find(render({ sentinel }), "Deployment", "shop/cache-sentinel");
  assert.equal(spec.replicas, 3);
  assert.equal(spec.strategy.rollingUpdate.maxSurge, 0);
  assert.ok(
    spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution,
  );
});

const renderValkey = (changes: Partial<Valkey>) =>
  objectsOf(valkey("sessions", sampleValkey(changes)));

Deno.test("valkey() without storage forgets all, and never runs twice", () => {
  const { spec } = find(renderValkey({}), "Deployment", "shop/sessions");
  assert.deepEqual(spec.strategy.rollingUpdate, { maxUnavailable: 1, maxSurge: 0 });
  const config = find(renderValkey({}), "ConfigMap", "shop/sessions-config").data["valkey.conf"];
  assert.match(config, /^appendonly no$/m);
  assert.match(config, /^save ""$/m);
});

Deno.test("valkey() with storage is a StatefulSet that keeps its data", () => {
  const manifests = renderValkey({ storage: { storageClass: "disk", size: "1Gi" } });
  const { spec } = find(manifests, "StatefulSet", "shop/sessions");
  assert.equal(spec.volumeClaimTemplates.length, 1);
  const config = find(manifests, "ConfigMap", "shop/sessions-config").data["valkey.conf"];
  assert.match(config, /^appendonly yes$/m);
  assert.deepEqual(namesOf(manifests, "PodDisruptionBudget"), []);
});
