import assert from "node:assert/strict";
import type { Monitoring, Platform } from "../../../lib/platform/types.ts";
import { render } from "../../../manifests/components/render.ts";
import { find, namesOf } from "../find.ts";
import { watchedPlatform } from "./platforms.ts";

async function watched(changes: Partial<Monitoring> = {}): Promise<Platform> {
  const platform = await watchedPlatform();
  return { ...platform, monitoring: { ...platform.monitoring!, ...changes } };
}

Deno.test("Loki deletes what is older than its retention, and keeps the rest on its volume", async () => {
  const manifests = render(await watched());
  const config = JSON.parse(find(manifests, "ConfigMap", "watch/loki").data["loki.yaml"]);
  assert.equal(config.limits_config.retention_period, "720h");
  assert.equal(config.compactor.retention_enabled, true);
  assert.equal(config.compactor.delete_request_store, "filesystem");
  const { spec } = find(manifests, "StatefulSet", "watch/loki");
  const [claim] = spec.volumeClaimTemplates;
  assert.equal(claim.spec.resources.requests.storage, "50Gi");
  const [container] = spec.template.spec.containers;
  const data = container.volumeMounts.find(({ name }: { name: string }) =>
    name === claim.metadata.name
  );
  assert.equal(config.common.path_prefix, data.mountPath);
});

Deno.test("Tempo takes OTLP on the ports of its Service, and tells Prometheus of spans", async () => {
  const manifests = render(await watched());
  const config = JSON.parse(find(manifests, "ConfigMap", "watch/tempo").data["tempo.yaml"]);
  const { grpc, http } = config.distributor.receivers.otlp.protocols;
  const { ports } = find(manifests, "Service", "watch/tempo").spec;
  const portOf = (name: string) =>
    ports.find((port: { name: string }) => port.name === name).port as number;
  assert.equal(grpc.endpoint, `0.0.0.0:${portOf("otlp-grpc")}`);
  assert.equal(http.endpoint, `0.0.0.0:${portOf("otlp-http")}`);
  assert.equal(config.compactor.compaction.block_retention, "336h");
  const [{ url }] = config.metrics_generator.storage.remote_write;
  assert.equal(url, "http://prometheus.watch.svc:9090/api/v1/write");
  assert.ok(namesOf(manifests, "Service").includes("watch/prometheus"));
});

Deno.test("Alloy runs on each node, reads the logs of its own node, and needs no right on it", async () => {
  const manifests = render(await watched());
  const { spec } = find(manifests, "DaemonSet", "watch/log-collector").spec.template;
  assert.ok(spec.volumes.every(({ hostPath }: { hostPath?: unknown }) => hostPath === undefined));
  assert.equal(spec.securityContext.runAsNonRoot, true);
  assert.deepEqual(spec.tolerations, [{ operator: "Exists" }]);
  const config = find(manifests, "ConfigMap", "watch/log-collector").data["config.alloy"];
  assert.match(config, /field = "spec\.nodeName=" \+ sys\.env\("NODE_NAME"\)/);
  assert.match(config, /url = "http:\/\/loki\.watch\.svc:3100\/loki\/api\/v1\/push"/);
});

Deno.test("Promtail, where a platform still wants it, reads the node's disk as root", async () => {
  const { logCollector } = (await watched()).monitoring!;
  const manifests = render(
    await watched({
      logCollector: {
        ...logCollector!,
        agent: "promtail",
        image: "docker.io/grafana/promtail:3.5.7",
        namespace: "nodes",
      },
    }),
  );
  const { spec } = find(manifests, "DaemonSet", "nodes/log-collector").spec.template;
  assert.equal(spec.securityContext.runAsUser, 0);
  const config = JSON.parse(
    find(manifests, "ConfigMap", "nodes/log-collector").data["promtail.yaml"],
  );
  assert.equal(config.clients[0].url, "http://loki.watch.svc:3100/loki/api/v1/push");
  const [container] = spec.containers;
  assert.ok(
    container.volumeMounts.some((mount: { mountPath: string; readOnly?: boolean }) =>
      mount.mountPath === "/var/log/pods" && mount.readOnly === true
    ),
  );
});

Deno.test("Grafana leads from traces to logs and metrics, and from logs and metrics to traces", async () => {
  const config = find(render(await watched()), "ConfigMap", "watch/grafana");
  const { datasources } = JSON.parse(config.data["datasources.yaml"]);
  const of = (type: string) =>
    datasources.find((source: { type: string }) => source.type === type).jsonData;
  assert.equal(of("tempo").tracesToLogsV2.datasourceUid, "loki");
  assert.equal(of("tempo").tracesToMetrics.datasourceUid, "prometheus");
  assert.equal(of("loki").derivedFields[0].datasourceUid, "tempo");
  assert.equal(of("prometheus").exemplarTraceIdDestinations[0].datasourceUid, "tempo");
});

Deno.test("Loki's lines lead to a trace in whatever way they name it", async () => {
  const config = find(render(await watched()), "ConfigMap", "watch/grafana");
  const { datasources } = JSON.parse(config.data["datasources.yaml"]);
  const [{ matcherRegex }] = datasources.find(({ uid }: { uid: string }) => uid === "loki").jsonData
    .derivedFields;
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const line of [`{"trace_id":"${id}"}`, `{"traceId": "${id}"}`, `done trace_id=${id} ok`]) {
    assert.equal(new RegExp(matcherRegex).exec(line)?.[1], id, line);
  }
});

Deno.test("Grafana without Loki and Tempo has no data source that nobody answers", async () => {
  const { loki: _, tempo: __, logCollector: ___, ...rest } = (await watched()).monitoring!;
  const config = find(
    render({ ...(await watched()), monitoring: rest }),
    "ConfigMap",
    "watch/grafana",
  );
  const { datasources } = JSON.parse(config.data["datasources.yaml"]);
  assert.deepEqual(datasources.map(({ type }: { type: string }) => type), [
    "prometheus",
    "alertmanager",
  ]);
});

Deno.test("Grafana takes every secret from a Secret, and signs people in by OAuth", async () => {
  const { spec } = find(render(await watched()), "Deployment", "watch/grafana").spec.template;
  const env = new Map(
    spec.containers[0].env.map((variable: { name: string }) => [variable.name, variable]),
  );
  const secretOf = (name: string) =>
    (env.get(name) as { valueFrom: { secretKeyRef: unknown } }).valueFrom.secretKeyRef;
  assert.deepEqual(secretOf("GF_SECURITY_ADMIN_PASSWORD"), { name: "told", key: "admin" });
  assert.deepEqual(secretOf("GF_DATABASE_PASSWORD"), { name: "grafana-database", key: "password" });
  assert.deepEqual(secretOf("GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"), {
    name: "told",
    key: "client-secret",
  });
  assert.deepEqual(env.get("GF_AUTH_GENERIC_OAUTH_SCOPES"), {
    name: "GF_AUTH_GENERIC_OAUTH_SCOPES",
    value: "openid profile email",
  });
});

Deno.test("Grafana trusts a proxy's header only where one is declared to be in front", async () => {
  const { grafana } = (await watched()).monitoring!;
  const { sso: _, ...plain } = grafana!;
  const proxied = { ...plain, authProxy: { header: "X-Forwarded-User", role: "Editor" as const } };
  const names = async (options: typeof grafana) =>
    find(render(await watched({ grafana: options })), "Deployment", "watch/grafana").spec.template
      .spec.containers[0].env.map(({ name }: { name: string }) => name);
  assert.ok((await names(proxied)).includes("GF_AUTH_PROXY_ENABLED"));
  assert.ok(!(await names(plain)).includes("GF_AUTH_PROXY_ENABLED"));
});

Deno.test("the node exporter runs on every node, and sees it without changing it", async () => {
  const { spec } = find(render(await watched()), "DaemonSet", "nodes/node-exporter").spec.template;
  assert.equal(spec.hostNetwork, true);
  const [mount] = spec.containers[0].volumeMounts;
  assert.equal(mount.readOnly, true);
  assert.ok(spec.containers[0].args.includes(`--path.rootfs=${mount.mountPath}`));
  assert.deepEqual(spec.tolerations, [{ operator: "Exists" }]);
});

Deno.test("kube-state-metrics may list all that it is told to watch, and nothing else", async () => {
  const manifests = render(await watched());
  const { rules } = find(manifests, "ClusterRole", "watch-kube-state-metrics");
  const { spec } = find(manifests, "Deployment", "watch/kube-state-metrics").spec.template;
  const watching = spec.containers[0].args.find((arg: string) => arg.startsWith("--resources="));
  const allowed = rules.flatMap(({ resources }: { resources: string[] }) => resources).sort();
  assert.equal(watching, `--resources=${allowed.join(",")}`);
  assert.ok(!allowed.includes("secrets"));
  for (const { verbs } of rules) assert.deepEqual(verbs, ["list", "watch"]);
});

Deno.test("in a namespace that denies by default, the parts of a monitoring reach each other", async () => {
  const platform = await watched();
  const api = { from: "prometheus", to: "api", ports: [443] };
  const manifests = render({
    ...platform,
    namespaces: { ...platform.namespaces, watch: { podSecurity: "restricted", defaultDeny: true } },
    peers: {
      ...platform.peers,
      api: { cidrs: ["10.0.0.1/32"] },
      nodes: { cidrs: ["10.0.0.0/24"] },
    },
    flows: [
      api,
      { ...api, from: "kube-state-metrics" },
      { ...api, from: "log-collector" },
      { from: "prometheus", to: "engine", ports: [8080] },
      { from: "prometheus", to: "worker", ports: [9000] },
    ],
  });
  const { spec } = find(manifests, "NetworkPolicy", "watch/grafana-among-monitoring");
  assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
  assert.deepEqual(
    spec.egress.map(({ ports }: { ports: { port: number }[] }) => ports[0]!.port).sort(),
    [3100, 3200, 9090, 9093],
  );
  const mesh = find(manifests, "NetworkPolicy", "watch/alertmanager-among-monitoring").spec;
  assert.ok(
    mesh.egress.some(({ ports }: { ports: { protocol: string; port: number }[] }) =>
      ports.some(({ protocol, port }) => protocol === "UDP" && port === 9094)
    ),
  );
  const prometheus = find(manifests, "NetworkPolicy", "watch/prometheus-among-monitoring").spec;
  assert.ok(
    prometheus.egress.some(({ to }: { to: { ipBlock?: { cidr: string } }[] }) =>
      to[0]!.ipBlock?.cidr === "10.0.0.0/24"
    ),
    "the node exporter answers at the addresses of nodes",
  );
});
