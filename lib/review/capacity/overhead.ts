import type { Amounts } from "./amounts.ts";

/** A megabyte as k3s' documentation counts it, in bytes. */
const megabyte = 1_000_000;

/**
 * What k3s itself takes of a node: of the only server, of one of several servers with etcd, and of an agent.
 * Source: k3s, "Resource Profiling", minimum requirements, measured on an Intel 8375C: with a workload and all
 * packaged components 6 % of a core and 1596 or 1606 MB, as an agent 3 % of a core and 275 MB.
 */
export const k3sOverhead: Readonly<Record<"server" | "etcdServer" | "agent", Amounts>> = {
  server: { cpu: 0.06, memory: 1596 * megabyte },
  etcdServer: { cpu: 0.06, memory: 1606 * megabyte },
  agent: { cpu: 0.03, memory: 275 * megabyte },
};

/**
 * Part of a disk that stays free, or else pods are evicted.
 * Source: k3s, pkg/daemons/agent, the kubelet's eviction-hard: nodefs.available below 5 %.
 */
export const freeDisk = 0.05;

/**
 * Part of a disk that Longhorn leaves to others.
 * Source: Longhorn, "Settings Reference", Storage Reserved Percentage For Default Disk.
 */
export const longhornReserved = 0.3;

/**
 * Part of each node's CPU that Longhorn's instance manager requests.
 * Source: Longhorn, "Settings Reference", Guaranteed Instance Manager CPU.
 */
export const longhornCpu = 0.12;

/** Most pods of a node. Source: Kubernetes, KubeletConfiguration, maxPods. */
export const maxPods = 110;
