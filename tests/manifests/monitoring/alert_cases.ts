import type { AlertConditions, InNamespaces } from "../../../lib/platform/types.ts";

/** Series of metrics over time: each a metric with its labels, and what it does. */
export type Series = Record<string, Course>;

/** What a series does: stays at a value, or rises by so much in each minute. */
export type Course = number | { perMinute: number };

/** A situation in which an alert fires, and ones that are near to it in which it stays silent. */
export interface AlertCase {
  /** Metrics with which it fires. */
  fires: Series;
  /** Labels that the alert has then, besides its name and severity. */
  labels: Record<string, string>;
  /** Its summary then. */
  summary: string;
  /** Its description then, where that says more than the rule's own text. */
  description?: string;
  /** Situations with which it does not fire, by what they are. */
  silent: Record<string, Series>;
}

/** What cases need to know of the test that they are part of. */
export interface Occasion {
  /** The time at which the alert is looked at, in seconds since 1970. */
  now: number;
  /** One of the platform's own namespaces. */
  namespace: string;
  /** Names of the CronJobs that make its backups. */
  backupCronJobs: readonly string[];
  /** What its backups belong to in their stores. */
  backupScope: string;
}

/** A case for each condition, whatever its thresholds. */
export const alertCases: {
  [Kind in keyof Required<AlertConditions>]: (
    options: NonNullable<AlertConditions[Kind]>,
    occasion: Occasion,
  ) => AlertCase;
} = {
  targetDown: ({ jobs: [job] = ["web"] }) => ({
    fires: { [`up{job="${job}", instance="a"}`]: 0, [`up{job="${job}", instance="b"}`]: 1 },
    labels: { job: job!, instance: "a" },
    summary: `${job} at a gives no metrics`,
    silent: { "all targets answer": { [`up{job="${job}", instance="a"}`]: 1 } },
  }),

  applicationDown: (options, occasion) => {
    const namespace = namespaceOf(options, occasion);
    return {
      fires: deployment(namespace, { wanted: 3, ready: 0 }),
      labels: { namespace, workload: "web" },
      summary: `${namespace}/web has no pod that is ready`,
      silent: {
        "one pod is left": deployment(namespace, { wanted: 3, ready: 1 }),
        "none is wanted": deployment(namespace, { wanted: 0, ready: 0 }),
        "one pod of a StatefulSet is left": statefulSet(namespace, { wanted: 3, ready: 1 }),
        "a stranger's is down": deployment("strangers", { wanted: 3, ready: 0 }),
      },
    };
  },

  replicasMissing: (options, occasion) => {
    const namespace = namespaceOf(options, occasion);
    return {
      fires: statefulSet(namespace, { wanted: 3, ready: 2 }),
      labels: { namespace, workload: "web" },
      summary: `${namespace}/web has only 2 ready pods`,
      silent: {
        "all are ready": statefulSet(namespace, { wanted: 3, ready: 3 }),
        "all of a Deployment are ready": deployment(namespace, { wanted: 2, ready: 2 }),
      },
    };
  },

  crashLooping: (options, occasion) => {
    const namespace = namespaceOf(options, occasion);
    const restarts = (times: number) => ({
      [`kube_pod_container_status_restarts_total{namespace="${namespace}", pod="web-1", container="web"}`]:
        { perMinute: times / 15 },
    });
    return {
      fires: restarts(options.aboveRestarts + 3),
      labels: { namespace, pod: "web-1", container: "web" },
      summary: `${namespace}/web-1 restarts again and again`,
      description: `Container web restarted ${options.aboveRestarts + 3} times in 15 minutes; ` +
        "its last log says why",
      silent: { "few restarts": restarts(options.aboveRestarts - 1) },
    };
  },

  podNotRunning: (options, occasion) => {
    const namespace = namespaceOf(options, occasion);
    const pod = (phase: string, owner: string) => ({
      [`kube_pod_status_phase{namespace="${namespace}", pod="web-1", phase="${phase}"}`]: 1,
      [`kube_pod_status_phase{namespace="${namespace}", pod="web-1", phase="Succeeded"}`]: 0,
      [`kube_pod_owner{namespace="${namespace}", pod="web-1", owner_kind="${owner}"}`]: 1,
    });
    return {
      fires: pod("Pending", "ReplicaSet"),
      labels: { namespace, pod: "web-1", phase: "Pending" },
      summary: `${namespace}/web-1 is Pending`,
      silent: {
        "it runs": pod("Running", "ReplicaSet"),
        "a pod of a Job failed": pod("Failed", "Job"),
      },
    };
  },

  jobFailed: (options, occasion) => {
    const namespace = namespaceOf(options, occasion);
    const failed = (count: number) => ({
      [`kube_job_status_failed{namespace="${namespace}", job_name="import"}`]: count,
    });
    return {
      fires: failed(1),
      labels: { namespace, job_name: "import" },
      summary: `Job ${namespace}/import has failed`,
      silent: { "none failed": failed(0) },
    };
  },

  containerNearLimit: (options, occasion) => {
    const namespace = namespaceOf(options, occasion);
    const { resource, abovePercent } = options;
    const pod = `namespace="${namespace}", pod="web-1", container="web"`;
    const limit = resource === "cpu" ? 2 : 1000;
    const using = (percent: number): Series => ({
      [`kube_pod_container_resource_limits{${pod}, resource="${resource}"}`]: limit,
      ...(resource === "cpu"
        ? {
          [`container_cpu_usage_seconds_total{${pod}}`]: {
            perMinute: 60 * limit * percent / 100,
          },
        }
        : { [`container_memory_working_set_bytes{${pod}}`]: limit * percent / 100 }),
    });
    return {
      fires: using(abovePercent + 5),
      labels: { namespace, pod: "web-1", container: "web" },
      summary: `${namespace}/web-1 uses ${abovePercent + 5} % of its ${resource} limit`,
      description: resource === "cpu"
        ? "Container web is slowed down when it reaches the limit"
        : "Container web is killed when it reaches the limit",
      silent: { "below the threshold": using(abovePercent - 5) },
    };
  },

  errorRate: (options) => {
    const { requests, statusLabel, abovePercent, labels = {}, by = [] } = options;
    const each = Object.fromEntries(by.map((label) => [label, `some-${label}`]));
    const status = (code: string, perMinute: number): Series => ({
      [`${requests}{${matchers({ ...labels, ...each, [statusLabel]: code })}}`]: { perMinute },
    });
    const failing = (percent: number): Series => ({
      ...status("200", 1000 * (100 - percent) / 100),
      ...status("503", 1000 * percent / 100),
    });
    return {
      fires: failing(2 * abovePercent),
      labels: each,
      summary: `${(2 * abovePercent).toFixed(1)} % of requests${named(each)} end in an error`,
      silent: {
        "half as many fail": failing(abovePercent / 2),
        "clients are at fault": { ...status("200", 500), ...status("404", 500) },
        "there are no requests": {},
      },
    };
  },

  latency: (options) => {
    const { histogram, quantile, aboveSeconds, labels = {}, by = [] } = options;
    const each = Object.fromEntries(by.map((label) => [label, `some-${label}`]));
    const bucket = (le: string, perMinute: number): Series => ({
      [`${histogram}_bucket{${matchers({ ...labels, ...each, le })}}`]: { perMinute },
    });
    // All requests fall into one bucket, in which the quantile is told by proportion.
    const within = (from: number, to: number): Series => ({
      ...bucket(String(from), 0),
      ...bucket(String(to), 600),
      ...bucket("+Inf", 600),
    });
    return {
      fires: within(2 * aboveSeconds, 4 * aboveSeconds),
      labels: each,
      summary: `One in ${Math.round(1 / (1 - quantile))} requests${named(each)} takes over ` +
        `${(2 * aboveSeconds * (1 + quantile)).toFixed(1)} s`,
      silent: {
        "requests are fast": within(aboveSeconds / 4, aboveSeconds / 2),
        "there are no requests": {},
      },
    };
  },

  databaseDown: ({ database }) => {
    const up = (value: number) => ({
      [
        `${{ mongodb: "mongodb_up", redis: "redis_up", postgres: "pg_up" }[database]}{instance="a"}`
      ]: value,
    });
    return {
      fires: up(0),
      labels: { instance: "a" },
      summary: `${title[database]} at a does not answer its exporter`,
      silent: { "it answers": up(1) },
    };
  },

  replicationLag: ({ database, aboveSeconds }, { now }) => {
    const lags: Record<typeof database, (seconds: number) => [Series, Record<string, string>]> = {
      mongodb: (seconds) => {
        const member = (state: string, index: number, time: number) => ({
          [`mongodb_rs_members_optimeDate{set="rs0", member_state="${state}", member_idx="${index}"}`]:
            time * 1000,
        });
        return [
          {
            ...member("PRIMARY", 0, now),
            ...member("SECONDARY", 1, now - seconds),
            ...member("SECONDARY", 2, now),
          },
          { set: "rs0", member_idx: "1" },
        ];
      },
      redis: (seconds) => [
        {
          'redis_connected_slave_lag_seconds{namespace="data", pod="redis-0", slave_ip="10.0.0.2"}':
            seconds,
        },
        { namespace: "data", pod: "redis-0", slave_ip: "10.0.0.2" },
      ],
      postgres: (seconds) => [
        { 'pg_replication_lag_seconds{namespace="data", pod="postgres-1"}': seconds },
        { namespace: "data", pod: "postgres-1" },
      ],
    };
    const [fires, labels] = lags[database](aboveSeconds + 10);
    return {
      fires,
      labels,
      summary: `A replica of ${title[database]} is ${aboveSeconds + 10} s behind`,
      silent: {
        "a little behind": lags[database](aboveSeconds / 2)[0],
        "not behind": lags[database](0)[0],
      },
    };
  },

  nodeNotReady: () => {
    const node = (value: number) => ({
      'kube_node_status_condition{node="one", condition="Ready", status="true"}': value,
      'kube_node_status_condition{node="one", condition="Ready", status="unknown"}': 1 - value,
      'kube_node_status_condition{node="two", condition="Ready", status="true"}': 1,
    });
    return {
      fires: node(0),
      labels: { node: "one" },
      summary: "Node one is not ready",
      silent: { "it is ready": node(1) },
    };
  },

  nodeBusy: ({ resource, abovePercent }) => {
    const using = (percent: number): Series =>
      resource === "cpu"
        ? {
          'node_cpu_seconds_total{node="one", cpu="0", mode="idle"}': {
            perMinute: 60 * (100 - percent) / 100,
          },
          'node_cpu_seconds_total{node="one", cpu="0", mode="user"}': {
            perMinute: 60 * percent / 100,
          },
        }
        : {
          'node_memory_MemAvailable_bytes{node="one"}': 100 - percent,
          'node_memory_MemTotal_bytes{node="one"}': 100,
        };
    return {
      fires: using(abovePercent + 5),
      labels: { node: "one" },
      summary: `Node one uses ${abovePercent + 5} % of its ${
        resource === "cpu" ? "CPU" : "memory"
      }`,
      silent: { "below the threshold": using(abovePercent - 5) },
    };
  },

  nodeDiskSpace: ({ belowPercent }) => {
    const left = (percent: number, fstype = "ext4"): Series => ({
      [`node_filesystem_avail_bytes{node="one", mountpoint="/", fstype="${fstype}"}`]: percent,
      [`node_filesystem_size_bytes{node="one", mountpoint="/", fstype="${fstype}"}`]: 100,
    });
    return {
      fires: left(belowPercent - 1),
      labels: { node: "one", mountpoint: "/" },
      summary: `Node one has ${belowPercent - 1} % left on /`,
      silent: {
        "above the threshold": left(belowPercent + 1),
        "it is memory": left(belowPercent - 1, "tmpfs"),
      },
    };
  },

  volumeSpace: ({ belowPercent }) => {
    const volume = '{namespace="data", persistentvolumeclaim="data-0", node="one"}';
    const left = (percent: number): Series => ({
      [`kubelet_volume_stats_available_bytes${volume}`]: percent,
      [`kubelet_volume_stats_capacity_bytes${volume}`]: 100,
    });
    return {
      fires: left(belowPercent - 1),
      labels: { namespace: "data", persistentvolumeclaim: "data-0" },
      summary: `Volume data/data-0 has ${belowPercent - 1} % left`,
      silent: { "above the threshold": left(belowPercent + 1) },
    };
  },

  certificateExpiry: ({ belowDays }, { now }) => {
    const ending = (days: number): Series => ({
      'certmanager_certificate_expiration_timestamp_seconds{namespace="core", name="web"}': now +
        days * 86400,
    });
    return {
      fires: ending(belowDays / 2),
      labels: { namespace: "core", name: "web" },
      summary: `Certificate core/web expires in ${(belowDays / 2).toFixed(1)} days`,
      silent: {
        "it is renewed in time": ending(belowDays + 1),
        "it was never issued": {
          'certmanager_certificate_expiration_timestamp_seconds{namespace="core", name="web"}': 0,
        },
      },
    };
  },

  certificateNotReady: () => {
    const ready = (value: number): Series => ({
      'certmanager_certificate_ready_status{namespace="core", name="web", condition="False"}': 1 -
        value,
      'certmanager_certificate_ready_status{namespace="core", name="web", condition="True"}': value,
    });
    return {
      fires: ready(0),
      labels: { namespace: "core", name: "web" },
      summary: "Certificate core/web is not issued",
      silent: { "it is issued": ready(1) },
    };
  },

  backupAge: ({ aboveHours, cronJobs }, { now, backupCronJobs }) => {
    const [cronjob] = cronJobs ?? backupCronJobs;
    const job = (name: string) => `{namespace="data", cronjob="${name}"}`;
    const succeeded = (hours: number, name = cronjob!): Series => ({
      [`kube_cronjob_status_last_successful_time${job(name)}`]: now - hours * 3600,
      [`kube_cronjob_created${job(name)}`]: now - 1000 * 3600,
      [`kube_cronjob_spec_suspend${job(name)}`]: 0,
    });
    return {
      fires: succeeded(aboveHours + 2),
      labels: { namespace: "data", cronjob: cronjob! },
      summary: `Backup data/${cronjob} last succeeded ${Math.round(aboveHours + 2)} hours ago`,
      silent: {
        "it succeeded in time": succeeded(aboveHours / 2),
        "it is suspended": {
          ...succeeded(aboveHours + 2),
          [`kube_cronjob_spec_suspend${job(cronjob!)}`]: 1,
        },
        "it is new": { [`kube_cronjob_created${job(cronjob!)}`]: now - 60 },
        "another CronJob is late": succeeded(aboveHours + 2, "report"),
      },
    };
  },

  veleroBackupAge: ({ aboveHours, schedules: [schedule] = ["daily"] }, { now }) => {
    const succeeded = (hours: number): Series => ({
      [`velero_backup_last_successful_timestamp{schedule="${schedule}"}`]: now - hours * 3600,
    });
    return {
      fires: succeeded(aboveHours + 2),
      labels: { schedule: schedule! },
      summary: `Velero schedule ${schedule} last succeeded ${Math.round(aboveHours + 2)} hours ago`,
      silent: {
        "it succeeded in time": succeeded(aboveHours / 2),
        "backups by hand are old": { 'velero_backup_last_successful_timestamp{schedule=""}': 0 },
      },
    };
  },

  storedBackupAge: ({ aboveHours, kinds: [kind] = ["vault"] }, { now, backupScope }) => {
    const stored = (hours: number, scope = backupScope): Series => ({
      [`slipway_backup_last_success_timestamp_seconds{kind="${kind}", scope="${scope}", name="main", item="a", instance="x"}`]:
        now - hours * 3600,
    });
    const old = Math.round(aboveHours + 2);
    return {
      fires: stored(aboveHours + 2),
      labels: { kind: kind!, scope: backupScope, name: "main", item: "a" },
      summary: `The newest backup of ${kind} ${backupScope}/main/a is ${old} hours old`,
      silent: {
        "it is fresh": stored(aboveHours / 2),
        "that of another platform is old": stored(aboveHours + 2, "strangers"),
      },
    };
  },

  restoredBackupAge: ({ aboveHours, kinds: [kind] = ["vault"] }, { now, backupScope }) => {
    const restored = (hours: number): Series => ({
      [`slipway_backup_last_verified_timestamp_seconds{kind="${kind}", scope="${backupScope}", name="main"}`]:
        now - hours * 3600,
    });
    const old = Math.round(aboveHours + 2);
    return {
      fires: restored(aboveHours + 2),
      labels: { kind: kind!, scope: backupScope, name: "main" },
      summary: `No backup of ${kind} ${backupScope}/main was restored for ${old} hours, or ever`,
      silent: { "one was restored": restored(aboveHours / 2) },
    };
  },

  argoApplication: () => {
    const application = (sync: string, health: string): Series => ({
      [`argocd_app_info{name="web", dest_namespace="core", sync_status="${sync}", health_status="${health}"}`]:
        1,
    });
    return {
      fires: application("OutOfSync", "Healthy"),
      labels: {
        name: "web",
        dest_namespace: "core",
        sync_status: "OutOfSync",
        health_status: "Healthy",
      },
      summary: "Application web is OutOfSync and Healthy",
      silent: {
        "all is well": application("Synced", "Healthy"),
        "it rolls out": application("Synced", "Progressing"),
      },
    };
  },

  minioDrivesOffline: () => {
    const offline = (drives: number): Series => ({
      'minio_cluster_drive_offline_total{namespace="data", server="minio-0"}': drives,
    });
    return {
      fires: offline(2),
      labels: { namespace: "data" },
      summary: "MinIO in data has lost 2 drives",
      silent: { "no drive is lost": offline(0) },
    };
  },

  longhornVolumeDegraded: () => {
    const robustness = (value: number): Series => ({
      'longhorn_volume_robustness{volume="pvc-1", pvc_namespace="data", pvc="data-0", node="one"}':
        value,
    });
    return {
      fires: robustness(2),
      labels: { volume: "pvc-1", pvc_namespace: "data", pvc: "data-0" },
      summary: "Longhorn volume data/data-0 has lost replicas",
      silent: { "it is healthy": robustness(1), "it is detached": robustness(0) },
    };
  },
};

const title = { mongodb: "MongoDB", redis: "Redis", postgres: "PostgreSQL" };

function namespaceOf({ namespaces }: InNamespaces, { namespace }: Occasion): string {
  return namespaces?.[0] ?? namespace;
}

function deployment(namespace: string, pods: { wanted: number; ready: number }): Series {
  const labels = `{namespace="${namespace}", deployment="web", instance="ksm"}`;
  return {
    [`kube_deployment_spec_replicas${labels}`]: pods.wanted,
    [`kube_deployment_status_replicas_available${labels}`]: pods.ready,
  };
}

function statefulSet(namespace: string, pods: { wanted: number; ready: number }): Series {
  const labels = `{namespace="${namespace}", statefulset="web", instance="ksm"}`;
  return {
    [`kube_statefulset_replicas${labels}`]: pods.wanted,
    [`kube_statefulset_status_replicas_ready${labels}`]: pods.ready,
  };
}

function matchers(labels: Record<string, string>): string {
  return Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(", ");
}

function named(labels: Record<string, string>): string {
  return Object.values(labels).map((value) => ` of ${value}`).join("");
}
