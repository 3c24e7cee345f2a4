import type { Manifest } from "../../../lib/core/object.ts";
import { backupLabel } from "../../../lib/platform/ends.ts";
import type { BackupJob, Backups } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import {
  containerSecurityContext,
  mounts,
  podSecurityContext,
  resourcesOf,
} from "../workload/pod.ts";
import type { CronJob, ServiceAccount } from "../types.ts";

/** Annotation that says why a job is suspended. */
export const suspendedBecauseAnnotation = "slipway.dev/suspended-because";

/** CronJobs that run backup tasks of this repository, each with a ServiceAccount that has no rights. */
export function backups(options: Backups): Manifest[] {
  return Object.entries(options.jobs).flatMap(([name, job]) => [
    define<ServiceAccount>({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: job.namespace },
      automountServiceAccountToken: false,
    }),
    cronJob(name, job, options),
  ]);
}

function cronJob(name: string, job: BackupJob, options: Backups): Manifest {
  const { suspendedBecause } = options;
  const { volumes, volumeMounts } = mounts({ "/tmp": { emptyDir: { sizeLimit: "1Gi" } } });
  return define<CronJob>({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: {
      name,
      namespace: job.namespace,
      annotations: suspendedBecause === undefined
        ? undefined
        : { [suspendedBecauseAnnotation]: suspendedBecause },
    },
    spec: {
      schedule: job.schedule,
      timeZone: "Etc/UTC",
      suspend: suspendedBecause !== undefined,
      // Two dumps of one database at once would slow down each other and the database.
      concurrencyPolicy: "Forbid",
      // A run that was missed by more than this is left to the next time.
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          activeDeadlineSeconds: job.deadlineSeconds,
          backoffLimit: 2,
          template: {
            metadata: { labels: { [backupLabel]: name } },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: name,
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: podSecurityContext(options.runAs),
              containers: [{
                name: "backup",
                image: options.image,
                command: ["deno", "task", job.task],
                envFrom: job.envFromSecrets?.map((secret) => ({ secretRef: { name: secret } })),
                resources: resourcesOf(options.resources),
                securityContext: containerSecurityContext(),
                volumeMounts,
              }],
              volumes,
            },
          },
        },
      },
    },
  });
}
