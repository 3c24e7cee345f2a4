import { graph, number, type Row, table } from "./panel.ts";

const realFileSystems = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.lxcfs"';
const nicDevices = 'device!~"lo|veth.+|cali.+|cni.+|flannel.+"';

const cpuUse = 'rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval])';
const memoryUse = "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes";
const namespaceCpu =
  'sum by (namespace) (rate(container_cpu_usage_seconds_total{container!=""}[$__rate_interval]))';

/** Nodes, pods and resources of a cluster. Sources: node exporter, kube-state-metrics, cAdvisor, cert-manager. */
export function clusterRows(): Row[] {
  return [
    {
      title: "At a glance",
      panels: [
        number(
          "Nodes that are ready",
          "short",
          'sum(kube_node_status_condition{condition="Ready", status="true"})',
        ),
        number("Pods that run", "short", 'sum(kube_pod_status_phase{phase="Running"})'),
        number("CPU in use", "percent", `100 * (1 - avg(${cpuUse}))`),
        number("Memory in use", "percent", `100 * (1 - avg(${memoryUse}))`),
      ],
    },
    {
      title: "Nodes",
      panels: [
        graph("CPU by node", "percent", {
          expression: `100 * (1 - avg by (node) (${cpuUse}))`,
          legend: "{{node}}",
        }),
        graph("Memory by node", "percent", {
          expression: `100 * (1 - max by (node) (${memoryUse}))`,
          legend: "{{node}}",
        }),
        graph("Disk by node", "percent", {
          expression: "100 * (1 - max by (node, mountpoint) " +
            `(node_filesystem_avail_bytes{${realFileSystems}} / node_filesystem_size_bytes{${realFileSystems}}))`,
          legend: "{{node}} {{mountpoint}}",
        }),
        graph("Network by node", "Bps", {
          expression:
            `sum by (node) (rate(node_network_receive_bytes_total{${nicDevices}}[$__rate_interval]))`,
          legend: "{{node}} in",
        }, {
          expression:
            `sum by (node) (rate(node_network_transmit_bytes_total{${nicDevices}}[$__rate_interval]))`,
          legend: "{{node}} out",
        }),
      ],
    },
    {
      title: "Pods",
      panels: [
        graph("Pods by phase", "short", {
          expression: "sum by (phase) (kube_pod_status_phase)",
          legend: "{{phase}}",
        }),
        graph("Restarts in an hour", "short", {
          expression:
            "sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[1h])) > 0",
          legend: "{{namespace}}/{{pod}}",
        }),
        graph("CPU by namespace", "cores", { expression: namespaceCpu, legend: "{{namespace}}" }),
        graph("Memory by namespace", "bytes", {
          expression: 'sum by (namespace) (container_memory_working_set_bytes{container!=""})',
          legend: "{{namespace}}",
        }),
      ],
    },
    {
      title: "Resources",
      panels: [
        graph("CPU that is requested", "percent", {
          expression:
            '100 * sum by (node) (kube_pod_container_resource_requests{resource="cpu"}) / ' +
            'sum by (node) (kube_node_status_allocatable{resource="cpu"})',
          legend: "{{node}}",
        }),
        graph("Memory that is requested", "percent", {
          expression:
            '100 * sum by (node) (kube_pod_container_resource_requests{resource="memory"}) / ' +
            'sum by (node) (kube_node_status_allocatable{resource="memory"})',
          legend: "{{node}}",
        }),
        graph("Volumes in use", "percent", {
          expression: "100 * (1 - max by (namespace, persistentvolumeclaim) " +
            "(kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes))",
          legend: "{{namespace}}/{{persistentvolumeclaim}}",
        }),
        table(
          "Certificates end in",
          "s",
          "sort(min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time())",
        ),
      ],
    },
  ];
}
