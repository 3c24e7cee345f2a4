import type { ClusterClient, ListQuery } from "../../core/cluster.ts";
import type { KubeObject } from "../../core/object.ts";
import { createAddresses } from "./addresses.ts";
import { createEventRecorder } from "./event_recorder.ts";
import { balanceServices } from "./balance_services.ts";
import { isServed, type Service } from "./load_balancer.ts";
import { type Mirror, mirror } from "./mirror.ts";
import { simulatedNodeAnnotation, simulatedNodeValue } from "./names.ts";
import { claimsOf, hasEnded, type Pod } from "./pod.ts";
import { isWaiting, tendPod } from "./pod_gate.ts";
import { type Source, takeKeys } from "./sources.ts";
import type { Claim, Node, PersistentVolume, StorageClass } from "./storage.ts";
import { tendClaim, tendVolume } from "./volume_keeper.ts";
import { createWorkQueue } from "./work_queue.ts";

/** What the node agent works with. */
export interface AgentOptions {
  /** The cluster; its user may do all that a kubelet and a provisioner may. */
  client: ClusterClient;
  /** Ends the agent. */
  signal: AbortSignal;
  /** The time now. */
  now: () => Temporal.Instant;
  /** Told, once, when all is seen that exists. */
  ready: () => void;
  /** Told of failures that are being got over. */
  failed: (message: string) => void;
}

/**
 * Be to simulated nodes what kubelet, volume provisioners and service load balancer are to
 * real ones, in so far as something other than kwok's stages must be looked up for it:
 * release pods whose needs are there, make volumes, give services their addresses. Acts on
 * simulated nodes only. Ends when the signal is aborted.
 */
export async function runNodeAgent(options: AgentOptions): Promise<void> {
  const { client, signal, now, failed } = options;
  const record = createEventRecorder(client, now);
  const addresses = createAddresses();
  let synced = false;

  const follow = <T extends KubeObject, V>(
    query: ListQuery,
    view: (object: T) => V | undefined,
    changed: (object: T, view: V | undefined) => void,
  ): Mirror<V> =>
    mirror<T, V>(client, query, {
      signal,
      view,
      failed,
      changed: (object, seen) => {
        if (synced) changed(object, seen);
      },
    });

  const nodes = follow<Node, Node>(core("Node"), simulatedNode, () => {
    tendAllPods();
    balance();
  });
  const pods = follow<Pod, Pod>(
    { ...core("Pod"), fieldSelector: "spec.nodeName!=" },
    slimPod,
    (pod, seen) => {
      if (seen === undefined || hasEnded(seen)) {
        addresses.release(pod.metadata.uid ?? "");
        tendPodsIn(pod.metadata.namespace);
      } else tend(seen);
    },
  );
  const inNamespace = ({ metadata }: KubeObject) => tendPodsIn(metadata.namespace);
  const secrets = follow<Source, ReadonlySet<string>>(core("Secret"), takeKeys, (secret) => {
    inNamespace(secret);
    // Classes name Secrets of any namespace, such as the key of encrypted volumes.
    for (const claim of claims.values()) {
      if (claim.status?.phase !== "Bound") volumeWork.add(claimKey(claim));
    }
  });
  const configMaps = follow<Source, ReadonlySet<string>>(core("ConfigMap"), takeKeys, inNamespace);
  const claims = follow<Claim, Claim>(core("PersistentVolumeClaim"), slim, (claim, seen) => {
    if (seen !== undefined) volumeWork.add(claimKey(seen));
    inNamespace(claim);
  });
  const volumes = follow<PersistentVolume, PersistentVolume>(
    core("PersistentVolume"),
    slim,
    (volume, seen) => {
      if (seen === undefined) tendAllClaims();
      else volumeWork.add(volume.metadata.name);
    },
  );
  const classes = follow<StorageClass, StorageClass>(
    { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" },
    slim,
    () => tendAllClaims(),
  );
  const services = follow<Service, Service>(
    core("Service"),
    (service) => isServed(service) ? slim(service) : undefined,
    () => balance(),
  );

  const gate = {
    client,
    views: { nodes, pods, secrets, configMaps, claims },
    addresses,
    record,
    now,
  };
  const podQueue = (limit: number) =>
    createWorkQueue({
      limit,
      failed,
      signal,
      work: async (key) => {
        const [namespace, name] = key.split("/") as [string, string];
        const pod = pods.get(namespace, name);
        if (pod !== undefined) await tendPod(pod, gate);
      },
    });
  const podWork = podQueue(16);
  // One at a time: the volume that one pod is given, a pod on another node cannot have.
  const attachWork = podQueue(1);
  const volumeWork = createWorkQueue({
    // One at a time: what one claim is given, the next cannot have.
    limit: 1,
    failed,
    signal,
    work: async (key) => {
      const keeper = { client, volumes, nodes, classes, secrets, record };
      const [namespace, name] = key.split("/") as [string, string | undefined];
      if (name === undefined) {
        const volume = volumes.get(undefined, key);
        if (volume !== undefined) await tendVolume(volume, keeper);
      } else {
        const claim = claims.get(namespace, name);
        if (claim !== undefined) await tendClaim(claim, keeper);
      }
    },
  });
  const serviceWork = createWorkQueue({
    limit: 1,
    failed,
    signal,
    work: () => balanceServices(client, [...services.values()], [...nodes.values()]),
  });

  function tend(pod: Pod) {
    const { uid = "", namespace, name } = pod.metadata;
    if (pod.status?.podIP !== undefined && pod.spec.hostNetwork !== true) {
      addresses.keep(uid, pod.status.podIP);
    }
    if (isWaiting(pod)) {
      (claimsOf(pod).length > 0 ? attachWork : podWork).add(`${namespace}/${name}`);
    }
  }
  function tendPodsIn(namespace: string | undefined) {
    for (const pod of pods.values()) {
      if (pod.metadata.namespace === namespace && isWaiting(pod)) tend(pod);
    }
  }
  function tendAllPods() {
    for (const pod of pods.values()) if (!hasEnded(pod)) tend(pod);
  }
  function tendAllClaims() {
    for (const claim of claims.values()) volumeWork.add(claimKey(claim));
  }
  function balance() {
    serviceWork.add("all");
  }

  const all = [nodes, pods, secrets, configMaps, claims, volumes, classes, services];
  const ended = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([Promise.all(all.map((each) => each.synced)), ended]);
  if (signal.aborted) return;
  synced = true;
  tendAllPods();
  tendAllClaims();
  for (const volume of volumes.values()) volumeWork.add(volume.metadata.name);
  balance();
  options.ready();
  await ended;
}

function core(kind: string): ListQuery {
  return { apiVersion: "v1", kind };
}

function simulatedNode(node: Node): Node | undefined {
  const mark = node.metadata.annotations?.[simulatedNodeAnnotation];
  return mark === simulatedNodeValue ? slim(node) : undefined;
}

function slim<T extends KubeObject>(object: T): T {
  delete object.metadata.managedFields;
  return object;
}

/** A pod that has ended matters by its name alone. */
function slimPod(pod: Pod): Pod {
  return hasEnded(pod) ? { ...slim(pod), spec: { containers: [] } } : slim(pod);
}

function claimKey({ metadata }: Claim): string {
  return `${metadata.namespace}/${metadata.name}`;
}
