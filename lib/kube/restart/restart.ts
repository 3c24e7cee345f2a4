import type { ClusterClient, RequestOptions } from "../../core/cluster.ts";
import { mapConcurrently } from "../../core/concurrency.ts";
import { inventoryLabel } from "../../core/labels.ts";
import { type KubeObject, type ObjectRef, refOf } from "../../core/object.ts";
import { at, listAt, textAt } from "../ready/fields.ts";
import {
  dataChangedAt,
  hasAgentFor,
  mayHaveBegunBefore,
  restartableKinds,
  usesSecret,
} from "./users.ts";

/** A workload whose pods read a Secret. */
export interface SecretUser {
  /** The workload. */
  ref: ObjectRef;
  /** How many of its pods may run with what the Secret held before. */
  outdatedPods: number;
}

/** Manager of what a restart sets. */
const restartManager = "slipway-restart";

/** Source: kubectl, "rollout restart". */
const restartedAnnotation = "kubectl.kubernetes.io/restartedAt";

/** The workloads of a Secret's namespace that read it, whoever made them, and which pods of theirs are older than its data. */
export async function usersOf(
  client: ClusterClient,
  secret: { namespace: string; name: string },
  options: Pick<RequestOptions, "signal"> = {},
): Promise<SecretUser[]> {
  const { namespace, name } = secret;
  const [live, ...lists] = await Promise.all([
    client.get({ apiVersion: "v1", kind: "Secret", namespace, name }, options),
    ...restartableKinds.map((kind) =>
      client.list({ apiVersion: "apps/v1", kind, namespace }, options)
    ),
  ]);
  const workloads = lists.flatMap(({ items }) => items).filter((item) => usesSecret(item, name));
  const changedAt = live === undefined ? undefined : dataChangedAt(live);
  return await mapConcurrently(workloads, 4, async (workload) => ({
    ref: refOf(workload),
    outdatedPods: changedAt === undefined ? 0 : (await podsOf(client, workload, options))
      .filter((pod) => mayHaveBegunBefore(pod, changedAt)).length,
  }));
}

/**
 * The workloads of an inventory with a Vault Agent that reads a path. When it read it, nobody can tell, so all of
 * their pods count as outdated. Source: Vault, "Agent Injector", annotations.
 */
export async function usersByAgent(
  client: ClusterClient,
  path: string,
  inventory: string,
  options: Pick<RequestOptions, "signal"> = {},
): Promise<SecretUser[]> {
  const labelSelector = `${inventoryLabel}=${inventory}`;
  const lists = await Promise.all(
    restartableKinds.map((kind) =>
      client.list({ apiVersion: "apps/v1", kind, labelSelector }, options)
    ),
  );
  const workloads = lists.flatMap(({ items }) => items).filter((item) => hasAgentFor(item, path));
  return await mapConcurrently(workloads, 4, async (workload) => ({
    ref: refOf(workload),
    outdatedPods: (await podsOf(client, workload, options)).length,
  }));
}

/** Replace the pods of a workload as its strategy has it. What is applied afterwards leaves the mark alone. */
export async function restartWorkload(
  client: ClusterClient,
  ref: ObjectRef,
  now: Temporal.Instant,
  options: Pick<RequestOptions, "signal"> = {},
): Promise<void> {
  const annotations = { [restartedAnnotation]: now.toString() };
  await client.patch(
    ref,
    { spec: { template: { metadata: { annotations } } } },
    { ...options, fieldManager: restartManager },
  );
}

async function podsOf(
  client: ClusterClient,
  workload: KubeObject,
  options: Pick<RequestOptions, "signal">,
): Promise<KubeObject[]> {
  const { namespace } = workload.metadata;
  const { items } = await client.list({
    apiVersion: "v1",
    kind: "Pod",
    ...(namespace === undefined ? {} : { namespace }),
    labelSelector: selectorText(workload),
  }, options);
  return items;
}

/** Source: k8s.io/apimachinery, meta/v1 FormatLabelSelector. */
function selectorText(workload: KubeObject): string {
  const selector = at(workload, "spec", "selector");
  const labels = Object.entries(at(selector, "matchLabels") ?? {})
    .map(([key, value]) => `${key}=${value}`);
  const expressions = listAt(selector, "matchExpressions").map((expression) => {
    const key = textAt(expression, "key");
    const values = listAt(expression, "values").join(",");
    switch (textAt(expression, "operator")) {
      case "In":
        return `${key} in (${values})`;
      case "NotIn":
        return `${key} notin (${values})`;
      case "DoesNotExist":
        return `!${key}`;
      default:
        return `${key}`;
    }
  });
  return [...labels, ...expressions].join(",");
}
