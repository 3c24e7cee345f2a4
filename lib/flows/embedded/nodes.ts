import type { ClusterClient } from "../../core/cluster.ts";
import { UsageError } from "../../core/errors.ts";
import { inventoryId, systemNamespace } from "../../core/labels.ts";
import type { KubeObject } from "../../core/object.ts";
import { inventoryRef, parseObjects } from "../../kube/inventory.ts";
import { nodesOf } from "../../platform/nodes.ts";
import type { Platform } from "../../platform/types.ts";
import type { StartOptions } from "./cluster.ts";

/** Kinds that a removed platform leaves behind, so that no data is lost; they need no node. */
const leftBehind = ["PersistentVolumeClaim", "Namespace"];

/**
 * How to start an embedded cluster for a platform: with exactly the nodes that it declares, or with what there is when
 * it declares none. A cluster on which another platform lives keeps its nodes.
 */
export function startFor(
  platform: Pick<Platform, "name" | "environment" | "nodes">,
  { signal }: { signal: AbortSignal },
): StartOptions {
  const nodes = nodesOf(platform);
  if (nodes.length === 0) return {};
  const id = inventoryId(platform);
  return {
    nodes: { exactly: nodes },
    mayChangeNodes: async (client) => {
      const others = await othersOn(client, id, signal);
      if (others.length === 0) return;
      throw new UsageError(
        `Cannot give the cluster the nodes of ${id}: it has other ones, on which ${
          others.join(" and ")
        } ${others.length === 1 ? "lives" : "live"}`,
        {
          remedy: `name a cluster of its own with --cluster ${platform.name}, or remove ${
            others[0]
          } with \`deno task destroy\``,
        },
      );
    },
  };
}

/** Inventories of others that have anything on a cluster which needs nodes or may. */
async function othersOn(client: ClusterClient, id: string, signal: AbortSignal): Promise<string[]> {
  const { items } = await client.list<KubeObject & { data?: Record<string, string> }>(
    { apiVersion: "v1", kind: "ConfigMap", namespace: systemNamespace },
    { signal },
  );
  const prefix = inventoryRef("").name;
  return items.flatMap(({ metadata: { name }, data }) => {
    const other = name.slice(prefix.length);
    if (!name.startsWith(prefix) || other === id) return [];
    const living = parseObjects(other, data?.["objects"]).some(({ kind }) =>
      !leftBehind.includes(kind)
    );
    return living ? [other] : [];
  });
}
