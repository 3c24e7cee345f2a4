import { oneOf, series } from "../promql.ts";
import type { StoredBackupAge } from "../../../../lib/platform/types.ts";
import type { Conditions, Surroundings } from "./condition.ts";

/** A thing that is backed up, by the labels of its metrics. */
const backedUp =
  "{{ $labels.kind }} {{ $labels.scope }}/{{ $labels.name }}{{ with $labels.item }}/{{ . }}{{ end }}";

/** Hours since a moment that backup tasks tell of each thing; one that never was is told as 0. */
function ageOf(
  metric: string,
  { aboveHours, kinds }: StoredBackupAge,
  { backupScope }: Surroundings,
): string {
  const told = series(metric, { scope: oneOf([backupScope]), kind: oneOf(kinds) });
  return `(time() - max by (kind, scope, name, item) (${told})) / 3600 > ${aboveHours}`;
}

/** Conditions of certificates, backups, delivery and storage, by the metrics of their own systems. */
export const systemConditions: Conditions<
  | "certificateExpiry"
  | "certificateNotReady"
  | "backupAge"
  | "veleroBackupAge"
  | "storedBackupAge"
  | "restoredBackupAge"
  | "argoApplication"
  | "minioDrivesOffline"
  | "longhornVolumeDegraded"
> = {
  // Source: cert-manager, "Prometheus Metrics". A certificate that was never issued expires at 0.
  certificateExpiry: ({ belowDays }) => ({
    expression:
      "(max by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds > 0) - " +
      `time()) / 86400 < ${belowDays}`,
    summary:
      'Certificate {{ $labels.namespace }}/{{ $labels.name }} expires in {{ $value | printf "%.1f" }} days',
    description: "Its renewal fails; the certificate's events and its challenges say why",
  }),

  certificateNotReady: () => ({
    expression:
      'max by (namespace, name) (certmanager_certificate_ready_status{condition="False"}) == 1',
    summary: "Certificate {{ $labels.namespace }}/{{ $labels.name }} is not issued",
    description: "Browsers are shown another certificate, or none; its challenges say why",
  }),

  // Source: kubernetes/kube-state-metrics, docs/metrics/workload/cronjob-metrics.md.
  backupAge: ({ aboveHours, cronJobs }, { backupCronJobs }) => {
    const cronjob = oneOf(cronJobs ?? backupCronJobs);
    const of = (metric: string) => series(metric, { cronjob });
    return {
      // One that never succeeded is as old as its CronJob.
      expression: "(time() - max by (namespace, cronjob) " +
        `(${of("kube_cronjob_status_last_successful_time")} or ${
          of("kube_cronjob_created")
        })) / 3600 > ` +
        `${aboveHours} unless on (namespace, cronjob) ${of("kube_cronjob_spec_suspend")} == 1`,
      summary: "Backup {{ $labels.namespace }}/{{ $labels.cronjob }} last succeeded " +
        '{{ $value | printf "%.0f" }} hours ago',
      description: "What changed since would be lost; look at the logs of its last Jobs",
    };
  },

  // Source: vmware-tanzu/velero, pkg/metrics.
  veleroBackupAge: ({ aboveHours, schedules }) => ({
    expression: `(time() - max by (schedule) (${
      series("velero_backup_last_successful_timestamp", {
        schedule: oneOf(schedules) ?? '!=""',
      })
    })) / 3600 > ${aboveHours}`,
    summary:
      'Velero schedule {{ $labels.schedule }} last succeeded {{ $value | printf "%.0f" }} hours ago',
    description:
      "What changed since would be lost; velero backup describe says why the last failed",
  }),

  storedBackupAge: (options, surroundings) => ({
    expression: ageOf("slipway_backup_last_success_timestamp_seconds", options, surroundings),
    summary: `The newest backup of ${backedUp} is {{ $value | printf "%.0f" }} hours old`,
    description: "What changed since would be lost; look at the last run of the job that makes it",
  }),

  restoredBackupAge: (options, surroundings) => ({
    expression: ageOf("slipway_backup_last_verified_timestamp_seconds", options, surroundings),
    summary:
      `No backup of ${backedUp} was restored for {{ $value | printf "%.0f" }} hours, or ever`,
    description:
      "Nobody knows whether they can be; look at the last run of the job that verifies them",
  }),

  // Source: argoproj/argo-cd, docs/operator-manual/metrics.md.
  argoApplication: () => ({
    expression: "max by (name, dest_namespace, sync_status, health_status) " +
      '(argocd_app_info{sync_status!="Synced"} or ' +
      'argocd_app_info{health_status!~"Healthy|Progressing|Suspended"})',
    summary:
      "Application {{ $labels.name }} is {{ $labels.sync_status }} and {{ $labels.health_status }}",
    description: "What runs is not what Git says, or does not work; Argo CD shows the difference",
  }),

  // Source: minio/minio, docs/metrics/prometheus/list.md.
  minioDrivesOffline: () => ({
    expression: "max by (namespace) (minio_cluster_drive_offline_total) > 0",
    summary: "MinIO in {{ $labels.namespace }} has lost {{ $value }} drives",
    description: "Objects are whole as long as no more are lost than the parity allows",
  }),

  // Source: Longhorn, "Longhorn Metrics for Monitoring": 2 is degraded, 3 faulted.
  longhornVolumeDegraded: () => ({
    expression: "max by (volume, pvc_namespace, pvc) (longhorn_volume_robustness) >= 2",
    summary: "Longhorn volume {{ $labels.pvc_namespace }}/{{ $labels.pvc }} has lost replicas",
    description:
      "It is rebuilt by itself where there is another node with room; else its data is at risk",
  }),
};
