/**
 * Replace all pods of a Deployment or StatefulSet by new ones, as its rollout allows, and wait until they are ready. Copy
 * this file, change it, run it:
 *
 *   deno run -q -P=cluster-client tasks/ops/restart_workload.ts bareuptime-backend bareuptime-backend
 */
import {
  type ObjectRef,
  openSession,
  throwIfNotReady,
  UsageError,
  waitUntilReady,
} from "../../lib/mod.ts";
import { command, dryRunOption, run, targetOptions, yesOption } from "../shared/cli.ts";

const cli = yesOption(dryRunOption(targetOptions(
  command("ops/restart_workload", "Replace all pods of a workload by new ones"),
)))
  .argument("<namespace>", "its namespace")
  .argument("<name>", "its name")
  .option("--kind <kind>", "Deployment, StatefulSet or DaemonSet", "Deployment");

await run(cli, async ({ kind, dryRun, timeout, ...options }, namespace, name, context) => {
  await using session = await openSession(options, undefined, context);
  const workload: ObjectRef = { apiVersion: "apps/v1", kind, namespace, name };
  if (await session.client.get(workload, context) === undefined) {
    throw new UsageError(
      `Cannot restart ${kind} ${namespace}/${name}: the cluster has none of this name`,
    );
  }
  if (
    !session.embedded && !await context.confirm(`Restart ${namespace}/${name} on ${session.name}?`)
  ) return;
  const restartedAt = context.now().toString({ smallestUnit: "second" });
  const template = {
    metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": restartedAt } },
  };
  await session.client.patch(workload, { spec: { template } }, { dryRun, signal: context.signal });
  if (dryRun) return;
  throwIfNotReady(
    await waitUntilReady(session.client, [workload], { ...context, timeoutMs: timeout ?? 300_000 }),
  );
});
