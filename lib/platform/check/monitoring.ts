import { endsOf } from "../ends.ts";
import { flowPairs } from "../flow_pairs.ts";
import { metricsEndpoints } from "../metrics.ts";
import type { Mistake, Path } from "../mistake.ts";
import { monitoringParts } from "../monitoring.ts";
import type { Monitoring, Platform, Resources, ServerStorage } from "../types.ts";
import { checkAlerts } from "./alerts.ts";
import { checkMonitoringSecrets } from "./monitoring_secrets.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";

/** What a monitoring refers to must be declared, and its parts must be able to work. */
export function checkMonitoring(platform: Platform): Mistake[] {
  const { monitoring } = platform;
  if (monitoring === undefined) return [];
  return [
    ...checkPlaces(monitoring, platform),
    ...checkServers(monitoring, platform),
    ...checkReceivers(monitoring),
    ...checkGrafana(monitoring),
    ...checkLogs(monitoring),
    ...checkMonitoringSecrets(monitoring, platform),
    ...checkAlerts(monitoring.alerts, platform),
    ...checkScraped(platform),
  ];
}

/** Namespaces are declared; pods that see their node are refused by all but privileged ones. */
function checkPlaces(monitoring: Monitoring, { namespaces }: Platform): Mistake[] {
  const { namespace, nodeExporter, logCollector, scrape } = monitoring;
  const known = Object.keys(namespaces);
  const place = (path: Path, name: string) => refer(path, name, known, "namespace");
  const onNode: [string, string | undefined][] = [
    ["nodeExporter", nodeExporter && (nodeExporter.namespace ?? namespace)],
    [
      "logCollector",
      logCollector?.agent === "promtail" ? logCollector.namespace ?? namespace : undefined,
    ],
  ];
  return [
    ...place(["monitoring", "namespace"], namespace),
    ...([["nodeExporter", nodeExporter], ["logCollector", logCollector]] as const).flatMap(
      ([key, part]) =>
        part?.namespace === undefined
          ? []
          : place(["monitoring", key, "namespace"], part.namespace),
    ),
    ...Object.entries(scrape.systems).flatMap(([name, system]) =>
      system?.namespace === undefined
        ? []
        : place(["monitoring", "scrape", "systems", name, "namespace"], system.namespace)
    ),
    ...Object.entries(scrape.targets).flatMap(([name, target]) =>
      place(["monitoring", "scrape", "targets", name, "namespace"], target.namespace)
    ),
    ...onNode.flatMap(([key, name]) => {
      const level = name === undefined ? undefined : namespaces[name]?.podSecurity;
      return level === undefined || level === "privileged" ? [] : [{
        path: ["monitoring", key],
        message: `its pods see their node, which Pod Security level ${level} of namespace ` +
          `${name} refuses, expected a namespace of level privileged`,
        atKey: true,
      }];
    }),
  ];
}

function checkServers(monitoring: Monitoring, platform: Platform): Mistake[] {
  const { prometheus, alertmanager, loki, tempo } = monitoring;
  const servers: [string, { storage?: ServerStorage; resources: Resources } | undefined][] = [
    ["prometheus", prometheus],
    ["alertmanager", alertmanager],
    ["loki", loki],
    ["tempo", tempo],
    ["nodeExporter", monitoring.nodeExporter],
    ["kubeStateMetrics", monitoring.kubeStateMetrics],
    ["logCollector", monitoring.logCollector],
    ["grafana", monitoring.grafana],
  ];
  return [
    ...servers.flatMap(([key, server]) => {
      if (server === undefined) return [];
      const path = ["monitoring", key];
      return [
        ...checkResources([...path, "resources"], server.resources),
        ...(server.storage === undefined ? [] : refer(
          [...path, "storage", "storageClass"],
          server.storage.storageClass,
          Object.keys(platform.storageClasses),
          "storage class",
        )),
      ];
    }),
    ...(prometheus.thanos === undefined ? [] : checkResources(
      ["monitoring", "prometheus", "thanos", "resources"],
      prometheus.thanos.resources,
    )),
  ];
}

function checkReceivers({ alertmanager }: Monitoring): Mistake[] {
  if (alertmanager === undefined) return [];
  const { receivers, routes } = alertmanager;
  const path = ["monitoring", "alertmanager"];
  return [
    ...(["critical", "warning"] as const).flatMap((severity) =>
      refer([...path, "routes", severity], routes[severity], Object.keys(receivers), "receiver")
    ),
    ...Object.keys(receivers).filter((name) => !Object.values(routes).includes(name)).map((
      name,
    ) => ({
      path: [...path, "receivers", name],
      message: "no route leads here, expected it under routes: nobody would ever be told by it",
      atKey: true,
    })),
  ];
}

function checkGrafana({ grafana }: Monitoring): Mistake[] {
  return grafana !== undefined && grafana.replicas > 1 && grafana.database === undefined
    ? [{
      path: ["monitoring", "grafana", "replicas"],
      message: `${grafana.replicas} without a database, expected database or 1: ` +
        "people would be logged out whenever another pod answers",
    }]
    : [];
}

function checkLogs({ loki, logCollector }: Monitoring): Mistake[] {
  return logCollector !== undefined && loki === undefined
    ? [{
      path: ["monitoring", "logCollector"],
      message: "there is no loki to send logs to, expected loki beside it",
      atKey: true,
    }]
    : [];
}

/** Metrics that a network policy keeps from Prometheus would be missed only when they are needed. */
function checkScraped(platform: Platform): Mistake[] {
  const { monitoring, namespaces } = platform;
  const ends = new Map(endsOf(platform));
  const pairs = flowPairs(platform);
  // Its own parts it may ask without being told so.
  const parts = new Set<string>(monitoringParts(monitoring).map(({ name }) => name));
  const denies = (namespace: string | undefined) =>
    namespace !== undefined && namespaces[namespace]?.defaultDeny === true;
  return metricsEndpoints(platform).flatMap(({ name, port }) => {
    const end = ends.get(name);
    const number = end?.ports[port]?.port;
    if (end === undefined || number === undefined || parts.has(name)) return [];
    if (!denies(end.namespace) && !denies(monitoring!.namespace)) return [];
    const allowed = pairs.some(({ from, to, ports }) =>
      from === "prometheus" && to === name && ports.some((open) => open.port === number)
    );
    return allowed ? [] : [{
      path: end.path,
      message: `${name} has metrics that no flow lets Prometheus read, expected a flow from ` +
        `prometheus to ${name} on ${port}`,
      atKey: true,
    }];
  });
}
