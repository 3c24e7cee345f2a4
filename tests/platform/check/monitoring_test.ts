import assert from "node:assert/strict";
import { checkPlatform } from "../../../lib/platform/check.ts";
import { loadPlatform } from "../../../lib/platform/load.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Alert, Monitoring, Platform } from "../../../lib/platform/types.ts";
import { watchedPlatform } from "../../manifests/monitoring/platforms.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

async function mistakesOf(
  change: (monitoring: Monitoring) => void,
  platform: Partial<Platform> = {},
): Promise<string[]> {
  const watched = await watchedPlatform();
  change(watched.monitoring!);
  return checkPlatform({ ...watched, ...platform }).map(({ path, message }) =>
    `${pathText(path)}: ${message}`
  );
}

/** Exactly one mistake, and it says this. */
async function assertMistake(
  change: (monitoring: Monitoring) => void,
  wanted: RegExp,
  platform?: Partial<Platform>,
): Promise<void> {
  const mistakes = await mistakesOf(change, platform);
  assert.equal(mistakes.length, 1, mistakes.join("\n"));
  assert.match(mistakes[0]!, wanted);
}

const always: Pick<Alert, "severity" | "for"> = { severity: "warning", for: "5m" };

Deno.test("the platform of tests has no mistake", async () => {
  assert.deepEqual(await mistakesOf(() => {}), []);
});

Deno.test("a route to a receiver that nobody declares is a mistake", async () => {
  await assertMistake(
    ({ alertmanager }) => {
      delete alertmanager!.receivers.warning;
      alertmanager!.routes = { critical: "critical", warning: "critcal" };
    },
    /^monitoring\.alertmanager\.routes\.warning: no receiver is called critcal, expected one of critical/,
  );
});

Deno.test("a receiver that no route leads to is a mistake", async () => {
  await assertMistake(
    ({ alertmanager }) => alertmanager!.routes.critical = "warning",
    /^monitoring\.alertmanager\.receivers\.critical: no route leads here/,
  );
});

Deno.test("a Secret or a key that nothing makes is a mistake, wherever it is named", async () => {
  await assertMistake(
    ({ alertmanager }) => alertmanager!.receivers.warning!.slack!.key = "slak",
    /receivers\.warning\.slack\.key: no key of secret told is called slak.*expected one of admin/,
  );
  await assertMistake(
    ({ grafana }) => grafana!.database!.secret = "nowhere",
    /^monitoring\.grafana\.database\.secret: no secret in namespace watch is called nowhere/,
  );
  await assertMistake(
    ({ prometheus }) => prometheus.thanos!.key = "thanos",
    /^monitoring\.prometheus\.thanos\.key: no key of secret told is called thanos/,
  );
});

Deno.test("several Grafanas without a common database are a mistake", async () => {
  await assertMistake(
    ({ grafana }) => delete grafana!.database,
    /^monitoring\.grafana\.replicas: 2 without a database, expected database or 1/,
  );
});

Deno.test("logs that go nowhere are a mistake", async () => {
  await assertMistake(
    (monitoring) => delete monitoring.loki,
    /^monitoring\.logCollector: there is no loki to send logs to/,
  );
});

Deno.test("pods that see their node are a mistake in a namespace that refuses them", async () => {
  await assertMistake(
    ({ nodeExporter }) => delete nodeExporter!.namespace,
    /^monitoring\.nodeExporter: .*level restricted of namespace watch refuses/,
  );
  await assertMistake(
    ({ logCollector }) => logCollector!.agent = "promtail",
    /^monitoring\.logCollector: .*level restricted of namespace watch refuses/,
  );
});

Deno.test("a storage class and a namespace that nobody declares are mistakes", async () => {
  await assertMistake(
    ({ loki }) => loki!.storage.storageClass = "fats",
    /^monitoring\.loki\.storage\.storageClass: no storage class is called fats, expected one of fast/,
  );
  await assertMistake(
    ({ scrape }) => scrape.targets.minio!.namespace = "mino",
    /^monitoring\.scrape\.targets\.minio\.namespace: no namespace is called mino/,
  );
  await assertMistake(
    ({ scrape }) => scrape.systems.traefik = { namespace: "trafik" },
    /^monitoring\.scrape\.systems\.traefik\.namespace: no namespace is called trafik/,
  );
});

Deno.test("a limit below its request is a mistake of each server", async () => {
  await assertMistake(
    ({ tempo }) => tempo!.resources.limits.memory = "1Gi",
    /^monitoring\.tempo\.resources\.limits\.memory: 1Gi is below the request/,
  );
});

Deno.test("an alert that nothing measures is a mistake", async () => {
  const alone = (alert: Alert) => (monitoring: Monitoring) => {
    monitoring.alerts = { Some: alert };
    monitoring.scrape.systems = {};
    delete monitoring.kubeStateMetrics;
    delete monitoring.nodeExporter;
  };
  await assertMistake(
    alone({ ...always, applicationDown: {} }),
    /^monitoring\.alerts\.Some\.applicationDown: nothing measures this, expected monitoring\.kubeStateMetrics/,
  );
  await assertMistake(
    alone({ ...always, nodeDiskSpace: { belowPercent: 15 } }),
    /expected monitoring\.nodeExporter: the alert could never fire$/,
  );
  await assertMistake(
    alone({ ...always, certificateExpiry: { belowDays: 7 } }),
    /expected cert-manager in monitoring\.scrape\.systems/,
  );
  await assertMistake(
    alone({ ...always, restoredBackupAge: { aboveHours: 7 } }),
    /nothing measures this, expected backups\.notify\.pushgateway or monitoring\.nodeExporter/,
  );
});

Deno.test("an alert about a namespace or backups that nobody declares is a mistake", async () => {
  await assertMistake(
    ({ alerts }) => alerts.ReplicasMissing!.replicasMissing!.namespaces = ["cor"],
    /^monitoring\.alerts\.ReplicasMissing\.replicasMissing\.namespaces\[0\]: no namespace is called cor/,
  );
  await assertMistake(
    ({ alerts }) => delete alerts.BackupTooOld!.backupAge!.cronJobs,
    /^monitoring\.alerts\.BackupTooOld\.backupAge: the platform has no backups\.jobs/,
  );
});

Deno.test("metrics that no flow lets Prometheus read are a mistake where nothing else is allowed", async () => {
  const { namespaces } = await watchedPlatform();
  const denying = {
    namespaces: { ...namespaces, core: { podSecurity: "restricted" as const, defaultDeny: true } },
  };
  const worker = { from: "prometheus", to: "worker", ports: ["metrics"] };
  await assertMistake(
    () => {},
    /^workloads\.engine: engine has metrics that no flow lets Prometheus read/,
    { ...denying, flows: [worker] },
  );
  assert.deepEqual(
    await mistakesOf(() => {}, {
      ...denying,
      groups: { scraped: { havingPort: "metrics" } },
      peers: { nodes: { cidrs: ["10.0.0.0/24"] } },
      ingress: undefined,
      flows: [{ from: "prometheus", to: "scraped", ports: ["metrics"] }],
    }),
    [],
  );
});

Deno.test("an alert with two conditions, or with none, is refused with all that it could have", () => {
  const refused = (alert: string) => {
    try {
      loadPlatform(
        `name: demo\ndomain: example.org\nenvironments: { test: {} }\nmonitoring:\n  alerts:\n    ${alert}\n`,
        { file: "platform.yaml" },
      );
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  assert.match(
    refused("Two: { severity: critical, for: 5m, nodeNotReady: true, certificateNotReady: true }"),
    /monitoring\.alerts\.Two: nodeNotReady and certificateNotReady given, expected exactly one of targetDown,/,
  );
  assert.match(
    refused("None: { severity: critical, for: 5m }"),
    /monitoring\.alerts\.None: none given, expected exactly one of/,
  );
  assert.match(
    refused("lower: { severity: critical, for: 5m, nodeNotReady: true }"),
    /the key "lower", expected an alert's name, such as NodeNotReady/,
  );
  assert.match(
    refused("Some: { severity: critical, for: 5m, nodeNotRedy: true }"),
    /Some\.nodeNotRedy: unknown key.*did you mean nodeNotReady\?/,
  );
});

Deno.test("metrics without a monitoring are no mistake: staging may go without", () => {
  const web = sampleWorkload({ metrics: { port: "http" } });
  assert.deepEqual(checkPlatform(samplePlatform({ workloads: { web } })), []);
});
