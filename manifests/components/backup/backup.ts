import type { Manifest } from "../../../lib/core/object.ts";
import { backupLabel } from "../../../lib/platform/ends.ts";
import { retentionText } from "../../../lib/core/retention.ts";
import {
  backupSubject,
  type ClusterJob,
  clusterJobs,
  storeKeys,
} from "../../../lib/platform/backups.ts";
import type { Backups, BackupStore, Resources } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import {
  containerSecurityContext,
  mounts,
  podSecurityContext,
  resourcesOf,
} from "../workload/pod.ts";
import type { CronJob, ServiceAccount } from "../types.ts";
import { type VaultJob, vaultJob } from "./vault_job.ts";

/** Annotation that says why a job is suspended. */
export const suspendedBecauseAnnotation = "slipway.dev/suspended-because";

/** CronJobs that run backup tasks of this repository, each with a ServiceAccount that has no rights. */
export function backups(options: Backups, platform: Parameters<typeof vaultJob>[2]): Manifest[] {
  const { image, resources, stores } = options;
  // Jobs without both are refused with the platform.
  if (image === undefined || resources === undefined) return [];
  return Object.entries(clusterJobs(options)).flatMap(([name, job]) => [
    define<ServiceAccount>({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: job.namespace },
      automountServiceAccountToken: false,
    }),
    cronJob(name, job, {
      ...options,
      image,
      resources,
      store: stores[job.store ?? ""],
      vault: vaultJob(name, job, platform),
    }),
  ]);
}

/** What all jobs share, and the one store of this job. */
interface Shared extends Pick<Backups, "suspendedBecause" | "runAs" | "holders"> {
  image: string;
  resources: Resources;
  store?: BackupStore;
  vault?: VaultJob;
}

function cronJob(name: string, job: ClusterJob, options: Shared): Manifest {
  const { suspendedBecause, store, vault } = options;
  const { clientCertificate } = job;
  const { volumes, volumeMounts } = mounts({
    "/tmp": { emptyDir: { sizeLimit: "1Gi" } },
    ...(clientCertificate && { [certificateFolder]: { secret: clientCertificate } }),
    ...vault?.authorities,
  });
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
                command: ["deno", "task", job.task, ...taskArguments(job, options)],
                env: environment(job, store, vault),
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

/** Where a job has its certificate. */
const certificateFolder = "/tls";

/** Credentials of the store, and where libpq finds the certificate. Source: PostgreSQL, libpq "Environment Variables". */
function environment(
  { namespace, clientCertificate }: ClusterJob,
  store: BackupStore | undefined,
  vault: VaultJob | undefined,
) {
  const variables = [
    ...store === undefined ? [] : storeKeys.map((key) => ({
      name: key,
      valueFrom: { secretKeyRef: { name: store.secrets[namespace]!, key } },
    })),
    ...clientCertificate === undefined ? [] : [
      { name: "PGSSLMODE", value: "verify-full" },
      { name: "PGSSLCERT", value: `${certificateFolder}/tls.crt` },
      { name: "PGSSLKEY", value: `${certificateFolder}/tls.key` },
      { name: "PGSSLROOTCERT", value: `${certificateFolder}/ca.crt` },
    ],
    ...vault?.env ?? [],
  ];
  return variables.length === 0 ? undefined : variables;
}

/** What the task is told: what to back up, where to, and for how long. Credentials never stand among arguments. */
function taskArguments(
  { covers = [], keep }: ClusterJob,
  { store, holders = {}, vault }: Pick<Shared, "store" | "holders" | "vault">,
): string[] {
  return [
    ...covers.map((subject) => backupSubject(subject).name),
    ...vault?.args ?? [],
    ...store === undefined ? [] : [
      "--store",
      `s3://${store.bucket}${store.prefix === undefined ? "" : `/${store.prefix}`}`,
      "--region",
      store.region,
      ...store.endpoint === undefined ? [] : ["--endpoint", store.endpoint],
    ],
    ...Object.values(holders).flatMap((recipient) => ["--recipient", recipient]),
    ...keep === undefined ? [] : ["--keep", retentionText(keep)],
  ];
}
