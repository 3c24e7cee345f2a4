import { type Manifest, refOf } from "../../core/object.ts";
import { formatDuration, parseDuration } from "../../core/units.ts";
import { type BackupSubject, backupSubject, namespaceOf } from "../../platform/backups.ts";
import { isArchived, objectivesOf, walObjectives } from "../../platform/objectives.ts";
import type { BackupJob, Platform, Postgres, RecoveryObjective } from "../../platform/types.ts";
import type { Complaint, Rule } from "../finding.ts";
import { intervalThatKeeps, recoveryPoint } from "../recovery_point.ts";
import type { View } from "../view.ts";

/** Tasks whose backups hold what was there when they began, and no change after. */
const dumps = ["backup-postgres", "backup-mongodb", "backup-clickhouse", "backup-volume"];

/** What a dump every six hours loses is more than six hours, for the next dump must end before it is of use. */
export const recoveryPointMissed: Rule = {
  name: "recovery-point-missed",
  summary: "Jobs that an objective names run often enough to keep its recovery point",
  severity: "warning",
  check: (view) =>
    Object.entries(view.platform.backups?.jobs ?? {}).filter(([, { task }]) => dumps.includes(task))
      .flatMap(([job, options]) => {
        const covered = (options.covers ?? []).map(backupSubject);
        const left = covered.filter((subject) => !isArchived(subject, view.platform));
        // All that it covers can be brought to any point between two dumps.
        if (covered.length > 0 && left.length === 0) return [];
        return Object.entries(objectivesOf(job, view.platform)).flatMap(([name, objective]) =>
          complain(view, { name, objective, job, options, subject: left[0] })
        );
      }),
};

/** Who relies on archives that nothing writes finds out when they are needed. */
export const walArchiveMissing: Rule = {
  name: "wal-archive-missing",
  summary: "Clusters of Postgres archive their WAL where an objective relies on it",
  severity: "warning",
  check: ({ platform, ofKind }) => {
    const [name] = Object.keys(walObjectives(platform));
    if (name === undefined) return [];
    return clusters(platform).filter(([, { walArchive }]) => walArchive === undefined)
      .flatMap(([cluster, { namespace }]): Complaint[] => {
        const object = ofKind("Cluster", "postgresql").find(({ metadata }) =>
          metadata.namespace === namespace && metadata.name === cluster
        );
        if (object === undefined) return [];
        return [{
          object: refOf(object),
          because:
            `backups.objectives.${name} relies on archives of WAL, and its own goes nowhere: all since its last dump would be lost`,
          remedy:
            `give it a walArchive under postgres.${cluster}, or name what else keeps the objective under by`,
        }];
      });
  },
};

interface Missing {
  name: string;
  objective: RecoveryObjective;
  job: string;
  options: BackupJob;
  subject: BackupSubject | undefined;
}

function complain(
  view: View,
  { name, objective, job, options, subject }: Missing,
): Complaint[] {
  if (objective.recoveryPoint === undefined) return [];
  const allowedMs = parseDuration(objective.recoveryPoint);
  const { intervalMs, durationMs, jitterMs, totalMs } = recoveryPoint(options);
  const object = objectOf(job, options, view);
  if (totalMs <= allowedMs || object === undefined) return [];
  const parts = [
    `${span(intervalMs)} between two runs`,
    `${span(durationMs)} that one may take`,
    ...jitterMs === 0 ? [] : [`${span(jitterMs)} of jitter`],
  ];
  const proposed = intervalThatKeeps(allowedMs, { durationMs, jitterMs });
  const interval = proposed === undefined
    ? "give it a shorter deadlineSeconds with a shorter interval"
    : `run it every ${span(proposed.everyMs)} ("${proposed.schedule}")`;
  return [{
    object: refOf(object),
    because: `up to ${span(totalMs)} are lost (${
      parts.join(", ")
    }), and backups.objectives.${name} allows ${span(allowedMs)}`,
    remedy: `${interval}, or ${continuous(subject, view.platform)}`,
  }];
}

/** What loses less than dumps do. */
function continuous(subject: BackupSubject | undefined, { postgres }: Platform): string {
  if (subject?.section === "mongodb") return "archive its oplog between the dumps";
  const cluster = postgres[subject?.section === "postgres" ? subject.name : ""];
  if (cluster !== undefined && cluster.kind !== "statefulset") {
    return `archive its WAL by a walArchive under postgres.${subject!.name}`;
  }
  return subject?.section === "postgres" || subject?.section === "externalServices"
    ? "archive its WAL"
    : "say what loses less under the objective's by";
}

type Cluster = Exclude<Postgres, { kind: "statefulset" }>;

function clusters({ postgres }: Platform): [string, Cluster][] {
  return Object.entries(postgres).filter((entry): entry is [string, Cluster] =>
    entry[1].kind !== "statefulset"
  );
}

/** The CronJob, or where the job runs on a host, what it backs up. */
function objectOf(
  job: string,
  { namespace, covers = [] }: BackupJob,
  { find, manifests, platform }: View,
): Manifest | undefined {
  if (namespace !== undefined) return find("CronJob", namespace, job);
  for (const { section, name } of covers.map(backupSubject)) {
    const place = namespaceOf(platform, section, name);
    const object = manifests.find(({ metadata }) =>
      metadata.namespace === place && metadata.name === name
    );
    if (object !== undefined) return object;
  }
  return undefined;
}

/** `6 h` and `90 min 0 s` are told without what is zero. */
function span(ms: number): string {
  return formatDuration(ms).replace(/ 0 (min|s)$/, "");
}
