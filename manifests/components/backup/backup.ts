import type { Manifest } from "../../../lib/core/object.ts";
import {
  type ClusterJob,
  clusterJobs,
  noticesOf,
  startingDeadlineSeconds,
} from "../../../lib/platform/backups.ts";
import { backupLabel } from "../../../lib/platform/ends.ts";
import type { Backups, Platform, Resources } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { CronJob, ServiceAccount } from "../types.ts";
import {
  containerSecurityContext,
  mounts,
  podSecurityContext,
  resourcesOf,
} from "../workload/pod.ts";
import {
  certificateVariables,
  noticeVariables,
  plainVariables,
  storeVariables,
} from "./job_environment.ts";
import { jobRights } from "./job_rights.ts";
import { type VaultJob, vaultJob } from "./vault_job.ts";

/** Annotation that says why a job is suspended. */
export const suspendedBecauseAnnotation = "slipway.dev/suspended-because";

/** Where a job has its client certificate. */
const certificateFolder = "/tls";

/**
 * CronJobs that run backup tasks of this repository, each with a ServiceAccount of its own, which has no rights unless
 * its task works on objects of the cluster.
 */
export function backups(options: Backups, platform: Platform): Manifest[] {
  const { image, resources } = options;
  // Jobs without both are refused with the platform.
  if (image === undefined || resources === undefined) return [];
  return Object.entries(clusterJobs(options)).flatMap(([name, job]) => {
    const rights = jobRights(name, job, platform);
    return [
      define<ServiceAccount>({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name, namespace: job.namespace, labels: { [backupLabel]: name } },
        automountServiceAccountToken: false,
      }),
      ...rights,
      cronJob(name, job, {
        ...options,
        image,
        resources,
        platform,
        hasRights: rights.length > 0,
        vault: vaultJob(name, job, platform),
      }),
    ];
  });
}

/** What all jobs share, and what the task of this one needs. */
interface Shared extends Backups {
  image: string;
  resources: Resources;
  platform: Pick<Platform, "name" | "environment">;
  hasRights: boolean;
  vault?: VaultJob;
}

function cronJob(name: string, job: ClusterJob, options: Shared): Manifest {
  const { suspendedBecause, vault, hasRights } = options;
  const { clientCertificate, serverAuthority } = job;
  const { volumes, volumeMounts } = mounts({
    "/tmp": { emptyDir: { sizeLimit: "1Gi" } },
    ...(clientCertificate && { [certificateFolder]: { secret: clientCertificate } }),
    ...(serverAuthority && {
      [certificateFolder]: {
        secret: serverAuthority.secret,
        items: { [serverAuthority.key]: "ca.crt" },
      },
    }),
    ...vault?.authorities,
  });
  const labels = { [backupLabel]: name };
  return define<CronJob>({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: {
      name,
      namespace: job.namespace,
      labels,
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
      startingDeadlineSeconds,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels },
        spec: {
          activeDeadlineSeconds: job.deadlineSeconds,
          backoffLimit: 2,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: name,
              automountServiceAccountToken: hasRights,
              enableServiceLinks: false,
              securityContext: podSecurityContext(options.runAs),
              containers: [{
                name: "backup",
                image: options.image,
                command: commandOf(name, job, options),
                env: [
                  ...plainVariables,
                  ...storeVariables(job, options),
                  ...noticeVariables(noticesOf(options, job)),
                  ...certificateVariables(job, certificateFolder),
                  ...vault?.env ?? [],
                ],
                envFrom: job.envFromSecrets?.map((secret) => ({ secretRef: { name: secret } })),
                resources: resourcesOf(options.resources),
                securityContext: containerSecurityContext(),
                volumeMounts: vault === undefined
                  ? volumeMounts
                  : [...volumeMounts, vault.token.mount],
              }],
              volumes: vault === undefined ? volumes : [...volumes, vault.token.volume],
            },
          },
        },
      },
    },
  });
}

/** The task reads all else from the platform, which the image holds. Credentials never stand among arguments. */
function commandOf(
  name: string,
  { task }: ClusterJob,
  { platform, vault, hasRights }: Pick<Shared, "platform" | "vault" | "hasRights">,
): string[] {
  return [
    ...["deno", "task", "-q", ...task.split(" ")],
    ...["--platform", platform.name, "--env", platform.environment, "--job", name],
    ...vault?.args ?? [],
    ...hasRights ? ["--in-cluster"] : [],
  ];
}
