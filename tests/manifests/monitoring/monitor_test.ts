import assert from "node:assert/strict";
import { render } from "../../../manifests/components/render.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";
import { watchedPlatform } from "./platforms.ts";

Deno.test("a workload whose Service has the port of its metrics is found by that Service alone", async () => {
  const platform = await watchedPlatform();
  const engine = {
    ...platform.workloads.engine!,
    services: {
      engine: { ports: { http: 80 } },
      "engine-headless": { ports: { http: 80 }, headless: true },
    },
  };
  const manifests = render({ ...platform, workloads: { ...platform.workloads, engine } });
  const { spec } = find(manifests, "ServiceMonitor", "watch/engine");
  const found = manifests.filter(({ kind, metadata }) =>
    kind === "Service" && metadata.namespace === "core" &&
    Object.entries(spec.selector.matchLabels).every(([key, value]) =>
      metadata.labels?.[key] === value
    )
  );
  assert.deepEqual(found.map(({ metadata }) => metadata.name), ["engine"]);
  assert.deepEqual(spec.namespaceSelector, { matchNames: ["core"] });
  assert.equal(spec.endpoints[0].interval, "15s");
});

Deno.test("a workload without such a Service is found by its pods", async () => {
  const { spec } = find(render(await watchedPlatform()), "PodMonitor", "watch/worker");
  assert.deepEqual(spec.selector.matchLabels, { "app.kubernetes.io/name": "worker" });
  assert.equal(spec.podMetricsEndpoints[0].port, "metrics");
  assert.equal(spec.podMetricsEndpoints[0].path, "/internal/metrics");
});

Deno.test("the label job of all series is the name of what they come from", async () => {
  const manifests = render(await watchedPlatform());
  for (const kind of ["ServiceMonitor", "PodMonitor"]) {
    for (const name of namesOf(manifests, kind)) {
      const { spec } = find(manifests, kind, name);
      for (const endpoint of spec.endpoints ?? spec.podMetricsEndpoints) {
        const job = endpoint.relabelings.find((
          { targetLabel }: { targetLabel: string },
        ) => targetLabel === "job");
        assert.equal(`watch/${job.replacement}`, name);
      }
    }
  }
});

Deno.test("the kubelet is asked for its own metrics and for those of containers, with a token", async () => {
  const { spec } = find(render(await watchedPlatform()), "ServiceMonitor", "watch/kubelet");
  assert.deepEqual(
    spec.endpoints.map(({ path }: { path: string }) => path),
    ["/metrics", "/metrics/cadvisor"],
  );
  for (const endpoint of spec.endpoints) {
    assert.equal(endpoint.scheme, "https");
    assert.match(endpoint.bearerTokenFile, /serviceaccount\/token$/);
    assert.equal(endpoint.honorLabels, true);
  }
});

Deno.test("systems are looked for where the platform says that they run", async () => {
  const { spec } = find(render(await watchedPlatform()), "PodMonitor", "watch/traefik");
  assert.deepEqual(spec.namespaceSelector.matchNames, ["nodes"]);
});

Deno.test("databases with metrics are found without being told: own ones by one Service, others by pods", async () => {
  const platform = await watchedPlatform();
  const { resources } = sampleWorkload();
  const exporter = { image: "docker.io/oliver006/redis_exporter:v1.80.0", resources };
  const storage = { storageClass: "fast", size: "1Gi" };
  const manifests = render({
    ...platform,
    valkey: {
      cache: {
        namespace: "data",
        image: "docker.io/valkey/valkey:8.1.0",
        replicas: 1,
        resources,
        maxmemoryPolicy: "allkeys-lru",
        runAs: { user: 999, group: 1000 },
        exporter,
      },
      plain: {
        namespace: "data",
        image: "docker.io/valkey/valkey:8.1.0",
        replicas: 1,
        resources,
        maxmemoryPolicy: "allkeys-lru",
        runAs: { user: 999, group: 1000 },
      },
    },
    postgres: {
      main: {
        kind: "cnpg",
        namespace: "data",
        image: "ghcr.io/cloudnative-pg/postgresql:17.6",
        instances: 3,
        storage,
        resources,
        database: "main",
        owner: "main",
        parameters: {},
        requireTls: true,
        synchronousStandbys: 0,
      },
    },
  });
  const { spec } = find(manifests, "ServiceMonitor", "watch/cache");
  const found = manifests.filter(({ kind, metadata }) =>
    kind === "Service" && metadata.namespace === "data" &&
    Object.entries(spec.selector.matchLabels).every(([key, value]) =>
      metadata.labels?.[key] === value
    )
  );
  assert.equal(found.length, 1);
  const { ports } = find(manifests, "Service", `data/${found[0]!.metadata.name}`).spec;
  assert.ok(ports.some(({ name }: { name: string }) => name === spec.endpoints[0].port));
  assert.ok(!namesOf(manifests, "ServiceMonitor").includes("watch/plain"));
  const cluster = find(manifests, "PodMonitor", "watch/main").spec;
  assert.equal(cluster.podMetricsEndpoints[0].port, "metrics");
});

Deno.test("a chart with metrics is read once, as the system that it is", async () => {
  const platform = await watchedPlatform();
  const charts = { "cert-manager": { namespace: "cert-manager", via: "k3s", values: {} } } as const;
  const manifests = render({ ...platform, charts });
  const monitors = [...namesOf(manifests, "PodMonitor"), ...namesOf(manifests, "ServiceMonitor")];
  assert.equal(monitors.filter((name) => name === "watch/cert-manager").length, 1);
});
