import assert from "node:assert/strict";
import { inventoryId, inventoryLabel } from "../../../lib/core/labels.ts";
import type { Monitoring, Platform } from "../../../lib/platform/types.ts";
import { render } from "../../../manifests/components/render.ts";
import { find, namesOf } from "../find.ts";
import { watchedPlatform } from "./platforms.ts";

async function watched(changes: Partial<Monitoring> = {}): Promise<Platform> {
  const platform = await watchedPlatform();
  return { ...platform, monitoring: { ...platform.monitoring!, ...changes } };
}

Deno.test("Prometheus has the replicas, retention, storage and resources that are declared", async () => {
  const { spec } = find(render(await watched()), "Prometheus", "watch/prometheus");
  assert.equal(spec.replicas, 2);
  assert.equal(spec.retention, "30d");
  assert.equal(spec.retentionSize, "90GB");
  assert.equal(spec.version, "v3.7.3");
  assert.deepEqual(spec.storage.volumeClaimTemplate.spec, {
    storageClassName: "fast",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "100Gi" } },
  });
  assert.deepEqual(spec.resources.limits, { cpu: "1000m", memory: "4Gi" });
  assert.equal(
    spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey,
    "kubernetes.io/hostname",
  );
});

Deno.test("Prometheus takes in what this platform declares, and of everybody when it is shared", async () => {
  const own = find(render(await watched()), "Prometheus", "watch/prometheus").spec;
  const selector = { matchLabels: { [inventoryLabel]: inventoryId(await watched()) } };
  assert.deepEqual(own.serviceMonitorSelector, selector);
  assert.deepEqual(own.podMonitorSelector, selector);
  assert.deepEqual(own.ruleSelector, selector);
  const shared = find(render(await watched({ shared: true })), "Prometheus", "watch/prometheus");
  assert.deepEqual(shared.spec.ruleSelector, {});
});

Deno.test("what two platforms bring to a shared Prometheus has places or names of their own", async () => {
  const platform = await watched({ shared: true });
  const manifests = render(platform);
  assert.ok(namesOf(manifests, "ServiceMonitor").includes("core/engine"));
  // The platform does not make this namespace, so it is not the place for its monitor.
  assert.ok(namesOf(manifests, "ServiceMonitor").includes("watch/kubelet"));
  assert.deepEqual(namesOf(manifests, "PrometheusRule"), [`watch/alerts-${inventoryId(platform)}`]);
  const { externalLabels } = find(manifests, "Prometheus", "watch/prometheus").spec;
  assert.equal(externalLabels, undefined);
});

Deno.test("every monitor and rule has the label by which Prometheus takes it in", async () => {
  const manifests = render(await watched());
  const { matchLabels } = find(manifests, "Prometheus", "watch/prometheus").spec.ruleSelector;
  const [[label, value]] = Object.entries(matchLabels) as [[string, string]];
  const chosen = manifests.filter(({ kind }) =>
    ["ServiceMonitor", "PodMonitor", "PrometheusRule"].includes(kind)
  );
  assert.ok(chosen.length > 10);
  for (const { metadata } of chosen) assert.equal(metadata.labels?.[label], value, metadata.name);
});

Deno.test("Thanos sends samples to the object storage that a Secret names, when it is asked for", async () => {
  const platform = await watched();
  const { thanos } = find(render(platform), "Prometheus", "watch/prometheus").spec;
  assert.deepEqual(thanos.objectStorageConfig, { name: "told", key: "thanos.yaml" });
  const { thanos: _, ...alone } = platform.monitoring!.prometheus;
  const without = find(
    render(await watched({ prometheus: alone })),
    "Prometheus",
    "watch/prometheus",
  );
  assert.equal(without.spec.thanos, undefined);
});

Deno.test("Prometheus receives Tempo's metrics only where there is a Tempo", async () => {
  const { spec } = find(render(await watched()), "Prometheus", "watch/prometheus");
  assert.equal(spec.enableRemoteWriteReceiver, true);
  const { tempo: _, ...rest } = (await watched()).monitoring!;
  const without = render({ ...(await watched()), monitoring: rest });
  assert.equal(
    find(without, "Prometheus", "watch/prometheus").spec.enableRemoteWriteReceiver,
    undefined,
  );
});

Deno.test("one server needs no disruption budget and no anti-affinity", async () => {
  const platform = await watched();
  const prometheus = { ...platform.monitoring!.prometheus, replicas: 1 };
  const manifests = render(await watched({ prometheus }));
  assert.deepEqual(namesOf(manifests, "PodDisruptionBudget").sort(), [
    "watch/alertmanager",
    "watch/grafana",
  ]);
  assert.equal(find(manifests, "Prometheus", "watch/prometheus").spec.affinity, undefined);
});

Deno.test("Alertmanager takes its configuration as a whole, not only for its own namespace", async () => {
  const { spec } = find(render(await watched()), "Alertmanager", "watch/alertmanager");
  assert.deepEqual(spec.alertmanagerConfiguration, { name: "alertmanager" });
  assert.equal(spec.replicas, 2);
  const { alerting } = find(render(await watched()), "Prometheus", "watch/prometheus").spec;
  assert.equal(alerting.alertmanagers[0].name, "alertmanager-operated");
});

Deno.test("receivers take their credentials from Secrets and name their channels", async () => {
  const { spec } = find(render(await watched()), "AlertmanagerConfig", "watch/alertmanager");
  const [critical, warning] = spec.receivers;
  assert.deepEqual(critical.slackConfigs[0].apiURL, { name: "told", key: "slack" });
  assert.equal(critical.slackConfigs[0].channel, "#example-critical");
  assert.deepEqual(critical.pagerdutyConfigs[0].routingKey, { name: "told", key: "pagerduty" });
  assert.equal(warning.slackConfigs[0].channel, "#example-alerts");
  assert.equal(warning.pagerdutyConfigs, undefined);
  assert.equal(warning.emailConfigs[0].to, "ops@example.org");
});

Deno.test("without a monitoring nothing of it is rendered, whatever metrics are declared", async () => {
  const { monitoring: _, ...platform } = await watched();
  const kinds = new Set(render(platform).map(({ kind }) => kind));
  for (const kind of ["Prometheus", "ServiceMonitor", "PodMonitor", "PrometheusRule"]) {
    assert.ok(!kinds.has(kind), kind);
  }
});
