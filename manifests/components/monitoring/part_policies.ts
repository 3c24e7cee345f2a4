import type { Manifest } from "../../../lib/core/object.ts";
import { type End, endsOf } from "../../../lib/platform/ends.ts";
import {
  type MonitoringPart,
  type MonitoringPartName,
  monitoringParts,
} from "../../../lib/platform/monitoring.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { NetworkPolicy, NetworkPolicyPeer } from "../types.ts";

/** Label that Kubernetes gives each namespace. Source: Kubernetes, "Well-Known Labels". */
const namespaceLabel = "kubernetes.io/metadata.name";

/** Which part calls which, on which of its ports. */
type Call = readonly [from: MonitoringPartName, to: MonitoringPartName, port: string];

/** Calls besides those of Prometheus, which asks all for their metrics. */
const calls: readonly Call[] = [
  ["alertmanager", "alertmanager", "mesh-tcp"],
  ["log-collector", "loki", "http"],
  ["tempo", "prometheus", "web"],
  ["grafana", "prometheus", "web"],
  ["grafana", "alertmanager", "web"],
  ["grafana", "loki", "http"],
  ["grafana", "tempo", "http"],
];

/**
 * NetworkPolicies, where a namespace denies by default, for connections without which the monitoring is none: of
 * its parts to each other. What else Prometheus scrapes, and how people are told, is for flows to say.
 */
export function partPolicies(platform: Platform): Manifest[] {
  const { monitoring, namespaces } = platform;
  const parts = monitoringParts(monitoring);
  const ends = new Map(endsOf(platform));
  const byName = new Map(parts.map((part) => [part.name, { ...part, end: ends.get(part.name)! }]));
  const all = [
    ...calls.filter(([from, to]) => byName.has(from) && byName.has(to)),
    ...parts.map(({ name, metrics }): Call => ["prometheus", name, metrics]),
  ];
  return parts
    .filter(({ namespace, hostNetwork }) =>
      namespaces[namespace]?.defaultDeny === true && !hostNetwork
    )
    .flatMap((part) => policyOf(part, all, byName));
}

function policyOf(
  part: MonitoringPart,
  all: readonly Call[],
  byName: ReadonlyMap<MonitoringPartName, Placed>,
): Manifest[] {
  const ingress = all.filter(([, to]) => to === part.name).map(([from, , port]) => ({
    from: peersOf(byName.get(from)!),
    ports: portsOf(part, port),
  }));
  const egress = all.filter(([from]) => from === part.name).map(([, to, port]) => ({
    to: peersOf(byName.get(to)!),
    ports: portsOf(byName.get(to)!, port),
  }));
  const policyTypes = [
    ...(ingress.length > 0 ? ["Ingress" as const] : []),
    ...(egress.length > 0 ? ["Egress" as const] : []),
  ];
  return [define<NetworkPolicy>({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${part.name}-among-monitoring`, namespace: part.namespace },
    spec: {
      podSelector: { matchLabels: part.podLabels },
      policyTypes,
      ingress: ingress.length > 0 ? ingress : undefined,
      egress: egress.length > 0 ? egress : undefined,
    },
  })];
}

/** A part, and how policies select it. */
type Placed = MonitoringPart & { end: End };

function peersOf({ namespace, podLabels, end }: Placed): NetworkPolicyPeer[] {
  if (end.hostNetwork === true) return (end.cidrs ?? []).map((cidr) => ({ ipBlock: { cidr } }));
  return [{
    namespaceSelector: { matchLabels: { [namespaceLabel]: namespace } },
    podSelector: { matchLabels: podLabels },
  }];
}

/** Alertmanagers speak to each other by UDP too, on the same port. */
function portsOf({ ports }: MonitoringPart, name: string) {
  const protocols = name === "mesh-tcp" ? ["TCP" as const, "UDP" as const] : ["TCP" as const];
  return protocols.map((protocol) => ({ protocol, port: ports[name] }));
}
