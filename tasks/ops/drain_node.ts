/**
 * Move all pods off a node before it is maintained: no new ones come, and those that are there are evicted as their
 * PodDisruptionBudgets allow. Copy this file, change it, run it:
 *
 *   deno run -q -P=cluster-client tasks/ops/drain_node.ts node-1 --context prod
 */
import {
  type KubeObject,
  type ObjectRef,
  openSession,
  retry,
  StatusError,
  step,
  UsageError,
} from "../../lib/mod.ts";
import { command, dryRunOption, run, targetOptions, yesOption } from "../shared/cli.ts";

const cli = yesOption(dryRunOption(targetOptions(
  command("ops/drain_node", "Move all pods off a node"),
))).argument("<node>", "name of the node");

await run(cli, async (options, name, context) => {
  await using session = await openSession(options, undefined, context);
  const { client } = session;
  const node: ObjectRef = { apiVersion: "v1", kind: "Node", name };
  if (await client.get(node, context) === undefined) {
    throw new UsageError(`Cannot drain ${name}: the cluster has no such node`);
  }
  const query = { apiVersion: "v1", kind: "Pod", fieldSelector: `spec.nodeName=${name}` };
  const pods = (await client.list(query, context)).items.filter(mayLeave);
  for (const { metadata } of pods) context.print(`${metadata.namespace}/${metadata.name}`);
  if (
    options.dryRun ||
    !await context.confirm(`Evict ${pods.length} pods from ${name} of ${session.name}?`)
  ) return;

  await client.patch(node, { spec: { unschedulable: true } }, context);
  await step(context, `Drain ${name}`, async (progress) => {
    for (const [index, { metadata }] of pods.entries()) {
      const pod = { namespace: metadata.namespace!, name: metadata.name };
      progress(`${pod.namespace}/${pod.name}`, index, pods.length);
      await retry(() => client.evict(pod, context), {
        signal: context.signal,
        attempts: 60,
        maxDelayMs: 5_000,
        // 429 is a budget's way to say "not yet".
        retryable: (error) => error instanceof StatusError && error.status.code === 429,
      });
    }
  });
});

/** Pods of DaemonSets come back to their node at once, and mirror pods belong to its kubelet. */
function mayLeave({ metadata }: KubeObject): boolean {
  const isDaemon = metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") ?? false;
  return !isDaemon && metadata.annotations?.["kubernetes.io/config.mirror"] === undefined;
}
