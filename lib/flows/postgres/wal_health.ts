import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { localAndUtc } from "../../core/local_time.ts";
import { parseDuration } from "../../core/units.ts";
import { runInPod } from "../../kube/exec/run_in_pod.ts";
import { walObjectives } from "../../platform/objectives.ts";
import type { Platform, Postgres, WalArchive } from "../../platform/types.ts";
import { accessInPod } from "../../postgres/access.ts";
import type { ArchiveVerdict } from "../../postgres/archive_verdict.ts";
import { archiverVerdict, readArchiver } from "../../postgres/archiver.ts";
import {
  type BarmanStoreStatus,
  cnpgArchiveVerdict,
  type CnpgClusterStatus,
} from "../../postgres/cnpg_archive.ts";
import { longestInterval } from "../../review/recovery_point.ts";
import { primaryPod, superuserOf } from "./pod.ts";

/** A cluster whose operator archives its WAL. */
type Archived = Exclude<Postgres, { kind: "statefulset" }> & { walArchive: WalArchive };

/**
 * Tell of each Postgres that archives its WAL whether that works: of CloudNativePG's by what the operator says, of
 * Zalando's by what the primary says in its own pod.
 *
 * @returns whether none of them is in need of somebody
 */
export async function tellArchives(
  platform: Pick<Platform, "postgres" | "backups">,
  { client, embedded }: { client: ClusterClient; embedded: boolean },
  context: Pick<Context, "emit" | "now" | "signal">,
): Promise<boolean> {
  const archived = Object.entries(platform.postgres).filter(
    (entry): entry is [string, Archived] =>
      entry[1].kind !== "statefulset" && entry[1].walArchive !== undefined,
  );
  // Pods of the embedded cluster run no Postgres that could be asked.
  if (archived.length === 0 || embedded) return true;
  const allowedMs = Object.values(walObjectives(platform)).flatMap(({ recoveryPoint }) =>
    recoveryPoint === undefined ? [] : [parseDuration(recoveryPoint)]
  );
  const verdicts = await Promise.all(archived.map(async ([name, declared]) => ({
    name,
    ...await verdictOf(name, declared, {
      client,
      ...allowedMs.length === 0 ? {} : { allowedMs: Math.min(...allowedMs) },
    }, context),
  })));
  const shown = (at: Temporal.Instant | undefined) => at === undefined ? "" : localAndUtc(at);
  context.emit({
    type: "table",
    title: "Archives of WAL",
    columns: ["Postgres", "State", "Last archived", "Last base backup", "Because"],
    rows: verdicts.map(({ name, state, because, lastArchived, lastBaseBackup }) => [
      name,
      state,
      shown(lastArchived),
      shown(lastBaseBackup),
      because,
    ]),
  });
  for (const { name, state, because, remedy } of verdicts) {
    if (state === "healthy" || remedy === undefined) continue;
    const message = `the WAL archive of ${name} is ${state}: ${because}`;
    context.emit({ type: "note", level: "warning", message, remedy });
  }
  return verdicts.every(({ state }) => state === "healthy");
}

interface Asking {
  client: ClusterClient;
  allowedMs?: number;
}

async function verdictOf(
  name: string,
  declared: Archived,
  { client, allowedMs }: Asking,
  { now, signal }: Pick<Context, "now" | "signal">,
): Promise<ArchiveVerdict> {
  try {
    if (declared.kind === "zalando") {
      const pod = await primaryPod(client, name, declared, signal);
      const user = await superuserOf(client, declared, signal);
      const access = await accessInPod({
        name: `pod ${pod.namespace}/${pod.name}`,
        run: runInPod(client, pod),
        user,
        signal,
      });
      const session = await access.openSession(access.database);
      try {
        return archiverVerdict(await readArchiver(session), allowedMs);
      } finally {
        await session.close();
      }
    }
    const { namespace, walArchive } = declared;
    const get = (apiVersion: string, kind: string) =>
      client.get({ apiVersion, kind, namespace, name }, { signal });
    return cnpgArchiveVerdict({
      name,
      cluster: await get("postgresql.cnpg.io/v1", "Cluster") as CnpgClusterStatus | undefined,
      store: await get("barmancloud.cnpg.io/v1", "ObjectStore") as BarmanStoreStatus | undefined,
      baseBackupEveryMs: longestInterval(walArchive.baseBackupSchedule),
      now: now(),
    });
  } catch (error) {
    signal.throwIfAborted();
    const remedy = error instanceof SlipwayError ? error.remedy : undefined;
    return {
      state: "unknown",
      because: messageOf(error),
      ...remedy === undefined ? {} : { remedy },
    };
  }
}
