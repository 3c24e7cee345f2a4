import { parseCron } from "../../core/cron.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { clusterJobs, noticesOf, storeKeys } from "../backups.ts";
import { type DeclaredSecret, declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { BackupJob, Backups, BackupTask, Platform } from "../types.ts";
import { checkStoreSecret } from "./backup_secret.ts";
import { checkSubject } from "./backup_subject.ts";
import { refer } from "./reference.ts";

/** A job refers to what is there, and says nothing that its task or its place does not read. */
export function checkJob(name: string, backups: Backups, platform: Platform): Mistake[] {
  const path = ["backups", "jobs", name];
  const job = backups.jobs[name]!;
  const { store, from, keep, requireVerified, covers = [] } = job;
  const stores = Object.keys(backups.stores);
  return [
    ...checkSchedule(path, job),
    ...checkPlace(path, job),
    ...checkTask(path, job),
    ...checkCluster(path, name, backups, platform),
    ...store === undefined ? [] : refer([...path, "store"], store, stores, "backup store"),
    ...from === undefined ? [] : refer([...path, "from"], from, stores, "backup store"),
    ...keep !== undefined && store === undefined
      ? [
        wrong(path, "keep", "no store beside it, expected one: nobody knows where old backups are"),
      ]
      : [],
    ...requireVerified !== undefined && keep === undefined
      ? [wrong(path, "requireVerified", "no keep beside it, expected one: nothing is removed")]
      : [],
    ...covers.flatMap((subject, index) =>
      checkSubject([...path, "covers", index], subject, platform)
    ),
  ];
}

function wrong(path: Path, key: string, message: string): Mistake {
  return { path: [...path, key], message, atKey: true };
}

/** The schema knows the form of a cron line, not which times there are. */
function checkSchedule(path: Path, { schedule }: BackupJob): Mistake[] {
  try {
    parseCron(schedule);
    return [];
  } catch (error) {
    const remedy = error instanceof SlipwayError ? error.remedy : undefined;
    const message = remedy === undefined ? messageOf(error) : `${messageOf(error)}; ${remedy}`;
    return [{ path: [...path, "schedule"], message }];
  }
}

/** What only CronJobs can be given, and what only hosts have. */
const clusterOnly = [
  "namespace",
  "envFromSecrets",
  "clientCertificate",
  "serverAuthority",
] as const;

function checkPlace(path: Path, job: BackupJob): Mistake[] {
  if (job.runsOn === "host") {
    return clusterOnly.filter((key) => job[key] !== undefined).map((key) =>
      wrong(path, key, "given to a job that runs on a host, expected none: only CronJobs have it")
    );
  }
  return [
    ...job.namespace === undefined
      ? [{ path, message: "no namespace given, expected one, or runsOn: host", atKey: true }]
      : [],
    ...job.jitter === undefined ? [] : [
      wrong(
        path,
        "jitter",
        "given to a CronJob, which has none, expected a minute of its own in schedule, or runsOn: host",
      ),
    ],
  ];
}

/** Which tasks read what not all of them do. */
const readBy: Partial<Record<keyof BackupJob, readonly BackupTask[]>> = {
  databases: ["backup-postgres", "backup-mongodb", "backup-clickhouse", "verify-backups"],
  connection: ["backup-postgres", "backup-mongodb", "backup-clickhouse"],
  serverAuthority: ["backup-postgres"],
  via: ["backup-postgres", "backup-mongodb", "backup-clickhouse"],
  query: ["verify-backups"],
  from: ["copy-backups"],
};

function checkTask(path: Path, job: BackupJob): Mistake[] {
  const { task } = job;
  return [
    ...Object.entries(readBy).filter(([key, tasks]) =>
      job[key as keyof BackupJob] !== undefined && !tasks.includes(task)
    ).map(([key, tasks]) =>
      wrong(path, key, `given to ${task}, which does not read it, expected ${tasks.join(" or ")}`)
    ),
    ...task === "copy-backups" && (job.from === undefined || job.store === undefined)
      ? [wrong(path, "task", "copy-backups given without from and store, expected both stores")]
      : [],
    ...job.connection !== undefined && job.via === "exec"
      ? [
        wrong(path, "connection", "given beside via: exec, which needs none, expected one of both"),
      ]
      : [],
  ];
}

/** Secrets that the job's pod reads must be in its namespace. */
function checkCluster(path: Path, name: string, backups: Backups, platform: Platform): Mistake[] {
  const job = clusterJobs(backups)[name];
  if (job === undefined) return [];
  const { namespace, envFromSecrets = [], clientCertificate, serverAuthority, store, from } = job;
  const secrets = declaredSecrets(platform).filter((secret) => secret.namespace === namespace);
  const names = secrets.map((secret) => secret.name);
  return [
    ...envFromSecrets.flatMap((secret, index) =>
      refer([...path, "envFromSecrets", index], secret, names, `secret in namespace ${namespace}`)
    ),
    ...clientCertificate === undefined ? [] : checkKeys(
      [...path, "clientCertificate"],
      { secret: clientCertificate, keys: ["tls.crt", "tls.key", "ca.crt"] },
      { namespace, secrets },
    ),
    ...serverAuthority === undefined ? [] : checkKeys(
      [...path, "serverAuthority"],
      { secret: serverAuthority.secret, keys: [serverAuthority.key] },
      { namespace, secrets },
    ),
    ...serverAuthority === undefined || clientCertificate === undefined ? [] : [
      wrong(
        path,
        "serverAuthority",
        "given beside clientCertificate, expected one of both: that one's Secret has the authority too",
      ),
    ],
    ...Object.entries(noticesOf(backups, job)).flatMap(([kind, notice]) => {
      if (typeof notice !== "object") return [];
      const own = job.notify !== undefined && kind in job.notify;
      return checkKeys(
        own ? [...path, "notify", kind] : ["backups", "notify", kind],
        { secret: notice.secret, keys: [notice.key] },
        { namespace, secrets },
      );
    }),
    ...Object.entries({ store, from }).flatMap(([key, named]) => {
      const target = backups.stores[named ?? ""];
      return named === undefined || target === undefined
        ? []
        : checkStoreSecret([...path, key], named, target, namespace, storeKeys, platform);
    }),
  ];
}

function checkKeys(
  path: Path,
  { secret: name, keys }: { secret: string; keys: readonly string[] },
  { namespace, secrets }: { namespace: string; secrets: readonly DeclaredSecret[] },
): Mistake[] {
  const secret = secrets.find((one) => one.name === name);
  if (secret === undefined) {
    return refer(path, name, secrets.map((one) => one.name), `secret in namespace ${namespace}`);
  }
  const wanted = keys.length === 1 ? keys[0] : `${keys.slice(0, -1).join(", ")} and ${keys.at(-1)}`;
  return keys.filter((key) => !secret.keys.includes(key)).map((key) => ({
    path,
    message: `secret ${name} has no key ${key}, expected ${wanted}`,
  }));
}
