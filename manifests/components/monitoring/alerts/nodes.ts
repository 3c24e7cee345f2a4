import type { Conditions } from "./condition.ts";

/** File systems of the kernel and of containers, which nobody fills up. */
const realFileSystems = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.lxcfs"';

const busy = {
  cpu: '100 * (1 - avg by (node) (rate(node_cpu_seconds_total{mode="idle"}[5m])))',
  memory: "100 * (1 - max by (node) (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes))",
};

/** Conditions of nodes and volumes, by the node exporter, kube-state-metrics and the kubelet. */
export const nodeConditions: Conditions<
  "nodeNotReady" | "nodeBusy" | "nodeDiskSpace" | "volumeSpace"
> = {
  nodeNotReady: () => ({
    expression: 'max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0',
    summary: "Node {{ $labels.node }} is not ready",
    description: "Its pods move to other nodes after 5 minutes, if there is room; its disks do not",
  }),

  nodeBusy: ({ resource, abovePercent }) => ({
    expression: `${busy[resource]} > ${abovePercent}`,
    summary: `Node {{ $labels.node }} uses {{ $value | printf "%.0f" }} % of its ${
      resource === "cpu" ? "CPU" : "memory"
    }`,
    description: "Its pods get slower, or are killed; give it less to do, or add a node",
  }),

  nodeDiskSpace: ({ belowPercent }) => ({
    expression:
      `100 * max by (node, mountpoint) (node_filesystem_avail_bytes{${realFileSystems}} / ` +
      `node_filesystem_size_bytes{${realFileSystems}}) < ${belowPercent}`,
    summary:
      'Node {{ $labels.node }} has {{ $value | printf "%.0f" }} % left on {{ $labels.mountpoint }}',
    description: "Pods are evicted and images deleted when it runs out",
  }),

  volumeSpace: ({ belowPercent }) => ({
    expression:
      "100 * max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes / " +
      `kubelet_volume_stats_capacity_bytes) < ${belowPercent}`,
    summary: "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has " +
      '{{ $value | printf "%.0f" }} % left',
    description:
      "What writes to it fails when it is full; enlarge the claim, or delete what is old",
  }),
};
