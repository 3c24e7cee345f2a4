import { clusterJobs } from "../backups.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Alert, AlertConditions, Platform, ScrapedSystem } from "../types.ts";
import { refer } from "./reference.ts";

/** What must be watched for an alert to see anything: parts of the monitoring, and systems that are scraped. */
type Source = "kubeStateMetrics" | "nodeExporter" | ScrapedSystem;

const sources: { [Kind in keyof AlertConditions]-?: readonly Source[] } = {
  targetDown: [],
  applicationDown: ["kubeStateMetrics"],
  replicasMissing: ["kubeStateMetrics"],
  crashLooping: ["kubeStateMetrics"],
  podNotRunning: ["kubeStateMetrics"],
  jobFailed: ["kubeStateMetrics"],
  containerNearLimit: ["kubeStateMetrics", "kubelet"],
  errorRate: [],
  latency: [],
  databaseDown: [],
  replicationLag: [],
  nodeNotReady: ["kubeStateMetrics"],
  nodeBusy: ["nodeExporter"],
  nodeDiskSpace: ["nodeExporter"],
  volumeSpace: ["kubelet"],
  certificateExpiry: ["cert-manager"],
  certificateNotReady: ["cert-manager"],
  backupAge: ["kubeStateMetrics"],
  veleroBackupAge: ["velero"],
  storedBackupAge: [],
  restoredBackupAge: [],
  argoApplication: ["argo-cd"],
  minioDrivesOffline: [],
  longhornVolumeDegraded: ["longhorn"],
};

/** An alert that can never fire is worse than none: people would trust it. */
export function checkAlerts(
  alerts: Readonly<Record<string, Alert>>,
  platform: Platform,
): Mistake[] {
  return Object.entries(alerts).flatMap(([name, alert]) => {
    const kind = (Object.keys(sources) as (keyof AlertConditions)[])
      .find((candidate) => alert[candidate] !== undefined)!;
    const path = ["monitoring", "alerts", name, kind];
    return [
      ...sources[kind].filter((source) => !isWatched(source, platform)).map((source) => ({
        path,
        message: `nothing measures this, expected ${placeOf(source)}: the alert could never fire`,
        atKey: true,
      })),
      ...checkNames(path, alert, platform),
    ];
  });
}

function isWatched(source: Source, { monitoring }: Platform): boolean {
  return source === "kubeStateMetrics" || source === "nodeExporter"
    ? monitoring![source] !== undefined
    : monitoring!.scrape.systems[source] !== undefined;
}

function placeOf(source: Source): string {
  return source === "kubeStateMetrics" || source === "nodeExporter"
    ? `monitoring.${source}`
    : `${source} in monitoring.scrape.systems`;
}

/** Names within conditions that the platform itself declares. */
function checkNames(path: Path, alert: Alert, platform: Platform): Mistake[] {
  const { namespaces, backups } = platform;
  const { backupAge, storedBackupAge, restoredBackupAge } = alert;
  const { namespaces: named = [] } = alert.applicationDown ?? alert.replicasMissing ??
    alert.crashLooping ?? alert.podNotRunning ?? alert.jobFailed ?? alert.containerNearLimit ?? {};
  return [
    ...named.flatMap((namespace, index) =>
      refer([...path, "namespaces", index], namespace, Object.keys(namespaces), "namespace")
    ),
    ...(backupAge !== undefined && backupAge.cronJobs === undefined &&
        Object.keys(clusterJobs(backups)).length === 0
      ? [{
        path,
        message: "the platform has no backups.jobs, expected cronJobs with the names of others",
        atKey: true,
      }]
      : []),
    ...((storedBackupAge ?? restoredBackupAge) !== undefined && !measuresBackups(platform)
      ? [{
        path,
        message:
          "nothing measures this, expected backups.notify.pushgateway or monitoring.nodeExporter: the alert could never fire",
        atKey: true,
      }]
      : []),
  ];
}

/** Backup tasks give their metrics to a Pushgateway, or to the node exporter of the host that they run on. */
function measuresBackups({ backups, monitoring }: Platform): boolean {
  return monitoring?.nodeExporter !== undefined || backups?.notify?.pushgateway !== undefined ||
    Object.values(backups?.jobs ?? {}).some(({ notify }) => notify?.pushgateway !== undefined);
}
