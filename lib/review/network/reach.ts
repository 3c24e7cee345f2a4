import { type Extent, extentWithin, rangesOf } from "./address_range.ts";
import { addressesOf, type ClusterRanges, type Endpoint, type PodEndpoint } from "./endpoint.ts";
import type { Direction, Policy, PolicyPeer, PolicyPort, PolicyRule } from "./policy.ts";
import { selects } from "../selector.ts";

/** What policies say of a connection. */
export interface Verdict {
  /** Whether it is allowed: to all addresses that the ends may have, to some of them, or to none. */
  reach: Extent;
  /** What holds at the end that connects. */
  egress: SideVerdict;
  /** What holds at the end that answers. */
  ingress: SideVerdict;
}

/** What holds at one end of a connection. */
export interface SideVerdict {
  /** How much of the other end is allowed here. */
  reach: Extent;
  /** Whether any policy holds this end in this direction; if none does, all is allowed. */
  isolated: boolean;
  /** Policies that allow it. */
  by: string[];
  /** Whether pods at the other end are allowed only because of addresses that pods may have. */
  byAddress: boolean;
}

/** A port that is asked for. */
export interface PortQuery {
  /** Its number. */
  port: number;
  /** Its protocol, such as `TCP`. */
  protocol: string;
}

/**
 * Says whether one endpoint may connect to another, by policies alone. A pod that no policy selects for a direction
 * is open in it; one that some select may do what any of them allows. Both ends must allow a connection.
 * Source: Kubernetes, "Network Policies", "The two sorts of pod isolation".
 *
 * @example
 * ```ts
 * const mayReach = reachability(policiesOf(manifests));
 * mayReach(web, database, { port: 5432, protocol: "TCP" }).reach; // "all"
 * ```
 */
export function reachability(
  policies: readonly Policy[],
  ranges: ClusterRanges = {},
): (from: Endpoint, to: Endpoint, query: PortQuery) => Verdict {
  const holding = memoize((pods: PodEndpoint) => policiesHolding(pods, policies));
  const side = (
    direction: Direction,
    held: Endpoint,
    other: Endpoint,
    target: Endpoint,
    query: PortQuery,
  ): SideVerdict => {
    const holders = held.kind === "pods"
      ? holding(held).filter(({ rules }) => rules[direction] !== undefined)
      : [];
    if (holders.length === 0) return { reach: "all", isolated: false, by: [], byAddress: false };
    const extents = holders.map((policy) => ({
      policy,
      rules: policy.rules[direction]!.filter((rule) => hasPort(rule, target, query)),
    }));
    const isSelected = extents.some((entry) => isMeant(entry, other));
    const reach = isSelected ? "all" : extentByAddress(extents, other, ranges);
    return {
      reach,
      isolated: true,
      by: extents
        .filter((entry) =>
          isMeant(entry, other) || extentByAddress([entry], other, ranges) !== "none"
        )
        .map(({ policy }) => policy.subject),
      byAddress: other.kind === "pods" && !isSelected && reach !== "none",
    };
  };
  return (from, to, query) => {
    const egress = side("Egress", from, to, to, query);
    const ingress = side("Ingress", to, from, to, query);
    const order: Extent[] = ["none", "some", "all"];
    const reach = order[Math.min(order.indexOf(egress.reach), order.indexOf(ingress.reach))]!;
    return { reach, egress, ingress };
  };
}

/** Policies that hold pods; none holds those in the network of their node. */
export function policiesHolding(pods: PodEndpoint, policies: readonly Policy[]): Policy[] {
  if (pods.hostNetwork === true) return [];
  return policies.filter(({ namespace, podSelector }) =>
    namespace === pods.namespace && selects(podSelector, pods.labels)
  );
}

/** Rules of a policy that have the port which is asked for. */
interface PortRules {
  policy: Policy;
  rules: readonly PolicyRule[];
}

/** Whether rules mean everybody, or the endpoint's pods by selectors. */
function isMeant({ policy, rules }: PortRules, endpoint: Endpoint): boolean {
  return rules.some(({ peers }) =>
    peers === undefined || peers.some((peer) => isPeer(peer, endpoint, policy))
  );
}

/** How much of an endpoint the blocks of addresses in some rules mean together. */
function extentByAddress(
  entries: readonly PortRules[],
  endpoint: Endpoint,
  ranges: ClusterRanges,
): Extent {
  const blocks = entries
    .flatMap(({ rules }) => rules.flatMap(({ peers = [] }) => peers))
    .flatMap(({ ipBlock }) => ipBlock === undefined ? [] : rangesOf(ipBlock.cidr, ipBlock.except));
  return blocks.length === 0 ? "none" : extentWithin(addressesOf(endpoint, ranges), blocks);
}

/** Whether a peer's selectors mean the endpoint's pods. */
function isPeer(
  { podSelector, namespaceSelector, ipBlock }: PolicyPeer,
  endpoint: Endpoint,
  policy: Policy,
): boolean {
  if (endpoint.kind !== "pods" || endpoint.hostNetwork === true || ipBlock !== undefined) {
    return false;
  }
  if (podSelector === undefined && namespaceSelector === undefined) return false;
  const isNear = namespaceSelector === undefined
    ? endpoint.namespace === policy.namespace
    : selects(namespaceSelector, endpoint.namespaceLabels);
  return isNear && selects(podSelector ?? {}, endpoint.labels);
}

function hasPort({ ports }: PolicyRule, target: Endpoint, query: PortQuery): boolean {
  return ports === undefined || ports.some((port) => isPort(port, target, query));
}

/** Names mean ports of the pods that answer; addresses have none. */
function isPort(
  { protocol, port, endPort }: PolicyPort,
  target: Endpoint,
  query: PortQuery,
): boolean {
  if (protocol !== query.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "number") return query.port >= port && query.port <= (endPort ?? port);
  return target.kind === "pods" &&
    target.ports.some((own) =>
      own.name === port && own.protocol === protocol && own.port === query.port
    );
}

function memoize<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const found = known.get(key) ?? compute(key);
    known.set(key, found);
    return found;
  };
}
