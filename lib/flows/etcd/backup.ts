import type { Context } from "../../core/context.ts";
import { type ExitCode, SlipwayError } from "../../core/errors.ts";
import { createEtcdClient, type EtcdAddress } from "../../etcd/client.ts";
import { etcdSnapshot } from "../../etcd/snapshot.ts";
import { type JobRequest, loadJob } from "../backup/job.ts";
import { openJobStore, recipientsOf, sourceOf } from "../backup/place.ts";
import { runBackups } from "../backup/run.ts";
import { tellPlan } from "../backup/tell_plan.ts";
import { chooseEtcd, type EtcdRequest } from "./address.ts";

/** Which etcd is to be backed up, and where to. */
export interface BackupEtcdRequest extends JobRequest, EtcdRequest {
  /** Only tell what would be done. @default false */
  dryRun?: boolean;
}

/** Kind of these backups. */
const etcdKind = "etcd";

/**
 * Back up all that the etcd of a cluster holds, as a snapshot whose sum is compared while it comes. It has the cluster's
 * Secrets in it, so it is never stored in the clear.
 */
export async function backupEtcd(request: BackupEtcdRequest, context: Context): Promise<ExitCode> {
  const { platform, job } = await loadJob(request, "backup-etcd", context);
  const recipients = recipientsOf(request, platform);
  const { address, name } = await chooseEtcd(request, context);
  const label = `etcd of ${name}`;
  const store = await openJobStore(request, { platform, job, subject: label }, context);
  const source = sourceOf(platform, etcdKind, name);
  if (request.dryRun) return tellPlan([{ source, label }], { recipients, store }, context);
  return await runBackups({
    task: "backup-etcd",
    job,
    store,
    recipients,
    items: [{
      source,
      label,
      async take({ write, signal }) {
        await checkRunning(address, name);
        using client = createEtcdClient(address);
        const answer = await client.call("maintenance/status", {}, { signal });
        const { version, header } = await answer.json() as Status;
        const { stream, sha256 } = await etcdSnapshot(client, { signal });
        await write("db.zst.age", stream, { compression: "zstd" });
        const { cluster_id: clusterId, revision } = header;
        return { details: { version, clusterId, revision: Number(revision), sha256: sha256() } };
      },
    }],
    summary: ({ details }) => ({ revision: details["revision"] }),
  }, context);
}

/** Of a socket that is not there, the failure of a request says less than what it means. */
async function checkRunning({ socket }: EtcdAddress, cluster: string): Promise<void> {
  if (socket === undefined) return;
  const isThere = await Deno.stat(socket).then(() => true, () => false);
  if (isThere) return;
  throw new SlipwayError(`The embedded cluster ${cluster} does not run`, {
    remedy: "start it with `deno task cluster up`, or name another etcd with --etcd",
  });
}

/** Source: etcd, api/etcdserverpb/rpc.proto, StatusResponse; the gateway writes 64-bit numbers as text. */
interface Status {
  version: string;
  header: { cluster_id: string; revision: string };
}
