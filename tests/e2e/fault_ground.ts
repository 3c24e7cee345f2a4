import type { Emit, SummaryEvent } from "../../lib/core/events.ts";
import { systemNamespace } from "../../lib/core/labels.ts";
import { apply, type DeployRequest } from "../../lib/flows/deploy.ts";
import { findComponents } from "../../lib/local/supervise.ts";
import { adminWrites, parseAudit, requestText } from "./audit.ts";
import { type TestCluster, withCluster } from "./cluster_fixture.ts";
import { type ShopChanges, writeShop } from "./shop.ts";
import { type JsonLine, runTask, type TaskOptions, type TaskOutcome } from "./task.ts";

/** Name of the cluster that all faults happen to. */
export const clusterName = "faults";

/** A cluster for faults to happen to. */
export interface FaultGround extends TestCluster {
  /** A folder for files of the test. */
  folder: string;
  /** Run a task as a user would, on state of the test's own. */
  run: (args: readonly string[], options?: TaskOptions) => Promise<TaskOutcome>;
  /** Write a shop's platform file; its name is also its namespace's. */
  shop: (name: string, changes?: ShopChanges) => Promise<string>;
  /** Apply a platform file to the cluster, as a step on the way to a fault; tells its summary, and fails the test unless all went well. */
  applied: (file: string, request?: Pick<DeployRequest, "pruneData">) => Promise<SummaryEvent>;
  /** Process id of the API server. */
  serverPid: () => Promise<number>;
  /** What the administrator wrote since the audit log had so many bytes: `patch configmaps shop/web`; leases and their namespace are left out. */
  writesSince: (bytes: number) => Promise<string[]>;
  /** Bytes of the audit log. */
  auditBytes: () => Promise<number>;
}

/** Arguments with which a task works on the cluster. */
export function onCluster(task: string, file: string, ...args: string[]): string[] {
  return [task, "--cluster", clusterName, "--platform", file, "--json", ...args];
}

/** Give a test a {@linkcode FaultGround}, and remove it afterwards. */
export async function withFaultGround(work: (ground: FaultGround) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-faults-" });
  try {
    await withCluster(clusterName, async (test) => {
      const env = { XDG_STATE_HOME: test.context.env("XDG_STATE_HOME")! };
      const run: FaultGround["run"] = (args, options = {}) =>
        runTask(args, { ...options, env: { ...env, ...options.env } });
      const { auditLogPath } = test.cluster;
      const readAudit = () =>
        Deno.readFile(auditLogPath).catch((error) => {
          // A reset takes the log away too.
          if (error instanceof Deno.errors.NotFound) return new Uint8Array();
          throw error;
        });
      await work({
        ...test,
        folder,
        run,
        shop: (name, changes) => writeShop(folder, name, changes),
        async applied(platform, request) {
          let summary: SummaryEvent | undefined;
          const emit: Emit = (event) => {
            if (event.type === "summary") summary = event;
          };
          const context = { ...test.context, emit };
          const code = await apply({ platform, cluster: clusterName, ...request }, context);
          if (code !== 0 || summary === undefined) throw new Error(`the apply ended with ${code}`);
          return summary;
        },
        async serverPid() {
          const running = await findComponents(test.cluster.folder);
          return running.find(({ name }) => name === "kube-apiserver")!.pid;
        },
        auditBytes: async () => (await readAudit()).length,
        writesSince: async (bytes) =>
          platformWrites(new TextDecoder().decode((await readAudit()).subarray(bytes))),
      });
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes to what the platform has: not those to Slipway's own lease and namespace. */
function platformWrites(log: string): string[] {
  return adminWrites(parseAudit(log)).filter(({ objectRef }) =>
    objectRef?.resource !== "leases" &&
    !(objectRef?.resource === "namespaces" && objectRef.name === systemNamespace)
  ).map(requestText);
}

/** Whether a line tells the start of a stage whose name begins like this. */
export function starts(stage: string): (line: JsonLine) => boolean {
  return (line) =>
    line.type === "stage" && line["state"] === "started" && String(line["stage"]).startsWith(stage);
}
