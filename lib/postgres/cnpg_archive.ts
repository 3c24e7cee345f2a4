import { localAndUtc } from "../core/local_time.ts";
import { formatDuration } from "../core/units.ts";
import type { ArchiveVerdict } from "./archive_verdict.ts";

/** What is read of a `Cluster`. Source: CloudNativePG, API reference, ClusterStatus. */
export interface CnpgClusterStatus {
  /** Its status. */
  status?: {
    /** What its operator says of it. */
    conditions?: { type: string; status: string; message?: string }[];
  };
}

/** What is read of an `ObjectStore`. Source: plugin-barman-cloud, API reference, ObjectStoreStatus and RecoveryWindow. */
export interface BarmanStoreStatus {
  /** Its status. */
  status?: {
    /** What can be brought back, by the names of servers. */
    serverRecoveryWindow?: Record<string, {
      /** The oldest moment. */
      firstRecoverabilityPoint?: string;
      /** When a base backup last succeeded. */
      lastSuccessfulBackupTime?: string;
      /** When one last failed. */
      lastFailedBackupTime?: string;
    }>;
  };
}

/** What a verdict is made from. */
export interface CnpgArchiveFacts {
  /** Name of the cluster, which is that of its server in the store. */
  name: string;
  /** The cluster. */
  cluster: CnpgClusterStatus | undefined;
  /** Where it archives. */
  store: BarmanStoreStatus | undefined;
  /** Longest time between two base backups as they are planned, in milliseconds. */
  baseBackupEveryMs: number;
  /** The time now. */
  now: Temporal.Instant;
}

/** A base backup may be late by this share of the time between two. */
const lateShare = 0.5;

/**
 * Judge how a cluster of CloudNativePG archives. By its plugin, base backups are told by the ObjectStore; the fields of
 * the Cluster's own status are not kept up to date any more. Source: CloudNativePG, release notes of 1.26.1.
 */
export function cnpgArchiveVerdict(
  { name, cluster, store, baseBackupEveryMs, now }: CnpgArchiveFacts,
): ArchiveVerdict {
  const condition = (type: string) =>
    cluster?.status?.conditions?.find((condition) => condition.type === type);
  const archiving = condition("ContinuousArchiving");
  const window = store?.status?.serverRecoveryWindow?.[name];
  const since = instantOf(window?.firstRecoverabilityPoint);
  const backup = instantOf(window?.lastSuccessfulBackupTime);
  const failed = instantOf(window?.lastFailedBackupTime);
  const known = {
    ...since === undefined ? {} : { recoverableSince: since },
    ...backup === undefined ? {} : { lastBaseBackup: backup },
  };
  if (archiving === undefined) {
    return {
      ...known,
      state: "unknown",
      because: "the operator says nothing of its archiving yet",
    };
  }
  if (archiving.status !== "True") {
    return {
      ...known,
      state: "failing",
      because: `WAL is not archived: ${archiving.message || "the operator does not say why"}`,
      remedy:
        "see the log of the plugin-barman-cloud container in the primary's pod; the server's disk fills up until it succeeds",
    };
  }
  const remedy =
    `see the Backup objects of ${name}, and the log of the plugin-barman-cloud container`;
  if (backup === undefined) {
    return {
      ...known,
      state: "failing",
      because: "there is no base backup yet, and WAL alone restores nothing",
      remedy,
    };
  }
  const last = condition("LastBackupSucceeded");
  if (
    last?.status === "False" ||
    (failed !== undefined && Temporal.Instant.compare(failed, backup) > 0)
  ) {
    return {
      ...known,
      state: "failing",
      because: `the last base backup failed${
        last?.message ? `: ${last.message}` : ""
      }; the last success was at ${localAndUtc(backup, "UTC")}`,
      remedy,
    };
  }
  const ageMs = now.since(backup).total("milliseconds");
  if (ageMs > baseBackupEveryMs * (1 + lateShare)) {
    return {
      ...known,
      state: "behind",
      because: `the last base backup is ${formatDuration(ageMs)} old, and one is planned every ${
        formatDuration(baseBackupEveryMs)
      }: all WAL since must be replayed`,
      remedy: `see whether the ScheduledBackup ${name} is suspended`,
    };
  }
  return {
    ...known,
    state: "healthy",
    because: `WAL is archived${
      since === undefined ? "" : `; any moment since ${localAndUtc(since, "UTC")} can be restored`
    }`,
  };
}

function instantOf(text: string | undefined): Temporal.Instant | undefined {
  try {
    return text === undefined ? undefined : Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
}
