import { appsOf } from "./apps/parts.ts";
import { clusterJobs } from "./backups.ts";
import { chartEnds } from "./chart_parts.ts";
import { dataEnds } from "./data_ends.ts";
import { gatewayPods, ingressEndName, ingressPods } from "./ingress.ts";
import { oauth2ProxyPorts } from "./oauth2_proxy.ts";
import { monitoringParts } from "./monitoring.ts";
import type { NumberedPort, Peer, PeerPort, Platform, Port, Workload } from "./types.ts";
import { clusterVaults, vaultPort, vaultPortName } from "./vaults.ts";
import { podPorts } from "./workloads.ts";

/** Label of the pods of a backup, with the job's name. */
export const backupLabel = "slipway.dev/backup";

/** Labels of Velero's server and of its agents on nodes. Source: Velero's chart, templates/deployment.yaml and node-agent-daemonset.yaml. */
const veleroLabels = { "app.kubernetes.io/name": "velero" };

/** Labels by which the pods of a workload are found. */
export function workloadLabels(
  name: string,
  { labels }: Pick<Platform["workloads"][string], "labels">,
): Record<string, string> {
  return labels ?? { "app.kubernetes.io/name": name };
}

/** Labels by which the pods of a Vault are found. */
export function vaultLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": name };
}

/** Someone who can be at an end of a flow. */
export interface End extends Peer {
  /** Ports of the pods, by the names that flows may use. */
  ports: Record<string, NumberedPort>;
  /** Its pods use the network of their node: they are found by `cidrs`, and no policy holds them. */
  hostNetwork?: boolean;
  /** What it is, as messages say it, such as `workload`. */
  what: string;
  /** Where it is declared in the platform. */
  path: readonly string[];
}

/** All that can be at an end of a flow, by name, each with how policies select it; double names come twice. */
export function endsOf(platform: Platform): [name: string, end: End][] {
  const { workloads, externalServices, peers, backups } = platform;
  return [
    ...each(
      workloads,
      "workload",
      ["workloads"],
      (name, workload) => workloadPods(name, workload, platform),
    ),
    ...appsOf(platform).flatMap(({ what, path, workloads: parts }) =>
      Object.entries(parts).map(([name, part]): [string, End] => {
        const pods = workloadPods(name, part, platform);
        return [name, { ...pods, ports: numbered(pods.ports), what, path }];
      })
    ),
    ...each(platform.cronJobs, "cron job", ["cronJobs"], (name, job) => ({
      namespace: job.namespace,
      podLabels: workloadLabels(name, job),
    })),
    ...each(
      Object.fromEntries(clusterVaults(platform)),
      "vault",
      ["vaults"],
      (name, vault) => ({
        namespace: vault.namespace,
        podLabels: vaultLabels(name),
        ports: { [vaultPortName(vault)]: vaultPort },
      }),
    ),
    ...each(
      externalServices,
      "external service",
      ["externalServices"],
      (_name, external) =>
        external.addresses === undefined
          ? { ports: external.ports, ...peers[external.peer ?? ""] }
          : { cidrs: external.addresses.map(hostRange), ports: external.ports },
    ),
    ...each(clusterJobs(backups), "backup job", ["backups", "jobs"], (name, { namespace }) => ({
      namespace,
      podLabels: { [backupLabel]: name },
    })),
    ...each(
      backups?.velero === undefined ? {} : { velero: backups.velero },
      "Velero",
      ["backups"],
      (_name, { namespace }) => ({ namespace, podLabels: veleroLabels }),
    ),
    ...each(platform.oauth2Proxies, "OAuth2 Proxy", ["oauth2Proxies"], (name, { namespace }) => ({
      namespace,
      podLabels: workloadLabels(name, {}),
      ports: oauth2ProxyPorts,
    })),
    ...each(platform.gateways, "gateway", ["gateways"], gatewayPods),
    ...each(
      platform.ingress?.namespace === undefined ? {} : { [ingressEndName]: platform.ingress },
      "ingress controller",
      [],
      (_name, ingress) => ingressPods(ingress),
    ),
    ...dataEnds(platform).map(({ name, ports, ...end }): [string, End] => [
      name,
      { ...end, ports: numbered(ports) },
    ]),
    ...monitoringParts(platform.monitoring).map(
      ({ name, namespace, podLabels, ports, metrics, hostNetwork }): [string, End] => [name, {
        namespace,
        podLabels,
        ...(hostNetwork ? onNodes(platform) : {}),
        ports: numbered({ ...ports, metrics: ports[metrics]! }),
        what: "part of the monitoring",
        path: ["monitoring"],
      }],
    ),
    ...chartEnds(platform).map(({ name, ...end }): [string, End] => [
      name,
      { ...end, what: "chart", path: ["charts", name] },
    ]),
    ...each(peers, "peer", ["peers"], (_name, peer) => peer),
  ];
}

/** Pods of a workload; the port with its metrics is called so too, whatever its own name is. */
function workloadPods(
  name: string,
  workload: Workload,
  platform: Platform,
): Peer & Pick<End, "hostNetwork"> {
  const ports = podPorts(workload);
  const metrics: Port | undefined = ports[workload.metrics?.port ?? ""];
  return {
    namespace: workload.namespace,
    podLabels: workloadLabels(name, workload),
    ports: metrics === undefined ? ports : { metrics, ...ports },
    ...(workload.hostNetwork === undefined ? {} : onNodes(platform)),
  };
}

/** Name of the peer that says which addresses nodes have. */
export const nodesPeer = "nodes";

/** Where pods are found that use the network of their node: at the peer `nodes`, or else nobody knows. */
function onNodes({ peers }: Platform): Pick<End, "hostNetwork" | "cidrs"> {
  return { hostNetwork: true, cidrs: peers[nodesPeer]?.cidrs ?? ["0.0.0.0/0"] };
}

function each<T>(
  section: Readonly<Record<string, T>>,
  what: string,
  path: readonly string[],
  select: (name: string, options: T) => Peer & Pick<End, "hostNetwork">,
): [string, End][] {
  return Object.entries(section).map(([name, options]) => {
    const selected = select(name, options);
    return [name, { ...selected, ports: numbered(selected.ports), what, path: [...path, name] }];
  });
}

function numbered(ports: Readonly<Record<string, PeerPort>> = {}): Record<string, NumberedPort> {
  return Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [
      name,
      typeof port === "number" ? { port } : port,
    ]),
  );
}

function hostRange(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}
