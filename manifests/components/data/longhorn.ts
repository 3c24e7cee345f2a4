import type { Manifest } from "../../../lib/core/object.ts";
import type {
  Longhorn,
  LonghornClass,
  LonghornRecurringJob as JobOptions,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type {
  LonghornBackupTarget,
  LonghornRecurringJob,
  LonghornSetting,
} from "../types_longhorn.ts";

/** Longhorn's jobs by the clock, its backup target, and its default number of copies. */
export function longhorn(options: Longhorn): Manifest[] {
  const { namespace, backupTarget, defaultReplicas } = options;
  return [
    ...Object.entries(options.recurringJobs).map(([name, job]) =>
      recurringJob(name, namespace, job)
    ),
    ...(backupTarget === undefined ? [] : [define<LonghornBackupTarget>({
      apiVersion: "longhorn.io/v1beta2",
      kind: "BackupTarget",
      // The one that volumes use whose class names none.
      metadata: { name: "default", namespace },
      spec: {
        backupTargetURL: backupTarget.url,
        credentialSecret: backupTarget.secret,
        pollInterval: backupTarget.pollInterval,
      },
    })]),
    ...(defaultReplicas === undefined ? [] : [define<LonghornSetting>({
      apiVersion: "longhorn.io/v1beta2",
      kind: "Setting",
      metadata: { name: "default-replica-count", namespace },
      value: String(defaultReplicas),
    })]),
  ];
}

function recurringJob(name: string, namespace: string, job: JobOptions): Manifest {
  const { task, cron, retain, concurrency, groups, fullBackupEvery } = job;
  return define<LonghornRecurringJob>({
    apiVersion: "longhorn.io/v1beta2",
    kind: "RecurringJob",
    metadata: { name, namespace },
    spec: {
      name,
      task,
      cron,
      retain,
      concurrency,
      groups: [...groups],
      parameters: fullBackupEvery === undefined
        ? undefined
        : { "full-backup-interval": String(fullBackupEvery) },
    },
  });
}

/**
 * Parameters of a class. The parts of the CSI driver that attach, mount and grow a volume each read the key
 * of an encrypted one by parameters of their own.
 * Sources: Longhorn, "Storage Class Parameters" and "Volume Encryption".
 */
export function longhornParameters(
  options: LonghornClass,
  namespace: string,
): Record<string, string> {
  const { encrypted, recurringJobGroups } = options;
  return {
    numberOfReplicas: String(options.replicas),
    staleReplicaTimeout: String(options.staleReplicaTimeoutMinutes),
    fsType: options.fsType,
    dataLocality: options.dataLocality,
    ...(recurringJobGroups && {
      recurringJobSelector: JSON.stringify(
        recurringJobGroups.map((name) => ({ name, isGroup: true })),
      ),
    }),
    ...(encrypted && { encrypted: "true", ...secretParameters(encrypted.secret, namespace) }),
  };
}

function secretParameters(secret: string, namespace: string): Record<string, string> {
  const steps = ["provisioner", "node-publish", "node-stage", "node-expand"];
  return Object.fromEntries(steps.flatMap((step) => [
    [`csi.storage.k8s.io/${step}-secret-name`, secret],
    [`csi.storage.k8s.io/${step}-secret-namespace`, namespace],
  ]));
}
