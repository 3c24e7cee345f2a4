import type { ClusterClient, ListQuery } from "../../core/cluster.ts";
import type { KubeObject } from "../../core/object.ts";
import type { Cause } from "./cause.ts";
import { quoteLogs } from "./logs.ts";
import type { DiagnosisRules } from "./pod.ts";
import { causesOf, type Family } from "./workload.ts";

/** Options of a diagnosis. */
export interface DiagnoseOptions extends DiagnosisRules {
  /** Ends the diagnosis early. */
  signal?: AbortSignal;
  /** Deadline of each request, in milliseconds. @default 5_000 */
  timeoutMs?: number;
  /** What stands beside the object, when somebody has fetched it already. */
  family?: Family;
}

/**
 * Why an object that is not ready is not: from a workload down to its pods, their containers, events and logs. What
 * cannot be read, for want of permission say, is left out.
 *
 * @example
 * ```ts
 * for (const cause of await diagnose(client, deployment)) emit({ type: "note", level: "warning", message: cause.because });
 * ```
 */
export async function diagnose(
  client: ClusterClient,
  object: KubeObject,
  options: DiagnoseOptions = {},
): Promise<Cause[]> {
  const family = options.family ??
    await fetchFamily(client, object.metadata.namespace, options);
  return await quoteLogs(client, causesOf(object, family, options), requestOptions(options));
}

/** All that a diagnosis of objects in one namespace looks at; the cluster-scoped ones have their events in `default`. */
export async function fetchFamily(
  client: ClusterClient,
  namespace = "default",
  options: Pick<DiagnoseOptions, "signal" | "timeoutMs"> = {},
): Promise<Family> {
  const list = async (query: ListQuery): Promise<KubeObject[] | undefined> => {
    try {
      return (await client.list(query, requestOptions(options))).items;
    } catch (error) {
      // A diagnosis that cannot see everything still says what it sees.
      if (options.signal?.aborted) throw error;
      return undefined;
    }
  };
  const [pods, replicaSets, events, claims, storageClasses] = await Promise.all([
    list({ apiVersion: "v1", kind: "Pod", namespace }),
    list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }),
    list({ apiVersion: "v1", kind: "Event", namespace, fieldSelector: "type=Warning" }),
    list({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace }),
    list({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }),
  ]);
  return {
    pods: pods ?? [],
    replicaSets: replicaSets ?? [],
    events: events ?? [],
    ...(claims === undefined ? {} : { claims }),
    ...(storageClasses === undefined ? {} : { storageClasses }),
  };
}

function requestOptions(options: Pick<DiagnoseOptions, "signal" | "timeoutMs">) {
  return {
    timeoutMs: options.timeoutMs ?? 5_000,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}
