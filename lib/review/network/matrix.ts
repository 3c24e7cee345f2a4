import type { Manifest } from "../../core/object.ts";
import { nodesPeer } from "../../platform/ends.ts";
import type { Platform } from "../../platform/types.ts";
import { type NetworkEnd, networkEnds } from "./ends.ts";
import type { ClusterRanges } from "./endpoint.ts";
import { type Direction, policiesOf, type Policy, type PolicyRule } from "./policy.ts";
import { commonPorts, type PortRange, portsWhere } from "./port_set.ts";
import { policiesHolding, reachability } from "./reach.ts";

/** Who may reach whom in a platform, as its rendered NetworkPolicies have it. */
export interface FlowMatrix {
  /** All ends: those that the platform makes, then the others. */
  ends: MatrixEnd[];
  /** Pairs that policies allow. Pairs that no policy holds at either end are only counted. */
  allowed: AllowedPair[];
  /** Number of pairs that policies deny. */
  denied: number;
  /** Number of pairs that no policy holds at either end, which are open. */
  open: number;
}

/** An end of a matrix. */
export interface MatrixEnd extends NetworkEnd {
  /** Whether a policy holds what it may connect to. */
  heldOut: boolean;
  /** Whether a policy holds who may connect to it. */
  heldIn: boolean;
}

/** A pair of ends of which one may connect to the other. */
export interface AllowedPair {
  /** Who connects. */
  from: MatrixEnd;
  /** Who answers. */
  to: MatrixEnd;
  /** Allowed ports on which it answers; all that are allowed where nobody knows its ports. */
  ports: PortRange[];
  /** Whether only some addresses of an end are meant. */
  isPartial: boolean;
  /** Whether a policy allows pods only because of addresses that pods may have, as a wide range does. */
  isByAddress: boolean;
}

/** All pairs of ends of which the platform makes at least one. */
export function flowMatrix(
  manifests: readonly Manifest[],
  platform: Platform,
  ranges: ClusterRanges = nodeRanges(platform),
): FlowMatrix {
  const policies = policiesOf(manifests);
  const mayReach = reachability(policies, ranges);
  const ends = networkEnds(manifests, platform, policies).map((end): MatrixEnd => ({
    ...end,
    heldOut: rulesHolding(end, "Egress", policies) !== undefined,
    heldIn: rulesHolding(end, "Ingress", policies) !== undefined,
  }));
  const allowed: AllowedPair[] = [];
  let denied = 0;
  let open = 0;
  for (const from of ends) {
    for (const to of ends) {
      if (!from.rendered && !to.rendered) continue;
      if (!from.heldOut && !to.heldIn) {
        open += from === to ? 0 : 1;
        continue;
      }
      const pair = allowedPair(from, to, policies, mayReach);
      if (pair !== undefined) allowed.push(pair);
      else if (from !== to) denied++;
    }
  }
  return { ends, allowed, denied, open };
}

function nodeRanges({ peers }: Platform): ClusterRanges {
  const nodes = peers[nodesPeer]?.cidrs;
  return nodes === undefined ? {} : { nodes };
}

function allowedPair(
  from: MatrixEnd,
  to: MatrixEnd,
  policies: readonly Policy[],
  mayReach: ReturnType<typeof reachability>,
): AllowedPair | undefined {
  let isPartial = false;
  let isByAddress = false;
  const rules = [
    ...rulesHolding(from, "Egress", policies) ?? [],
    ...rulesHolding(to, "Ingress", policies) ?? [],
  ];
  const allowed = portsWhere(rules, to.endpoint, (protocol, port) => {
    const { reach, egress, ingress } = mayReach(from.endpoint, to.endpoint, { protocol, port });
    if (reach === "none") return false;
    isPartial ||= reach === "some";
    isByAddress ||= egress.byAddress || ingress.byAddress;
    return true;
  });
  const own = to.endpoint.kind === "pods" ? to.endpoint.ports : [];
  const ports = to.portsKnown && to.endpoint.kind === "pods" ? commonPorts(allowed, own) : allowed;
  return ports.length === 0 ? undefined : { from, to, ports, isPartial, isByAddress };
}

/** The rules of all policies that hold an end in a direction; undefined where none does. */
function rulesHolding(
  { endpoint }: NetworkEnd,
  direction: Direction,
  policies: readonly Policy[],
): PolicyRule[] | undefined {
  if (endpoint.kind !== "pods") return undefined;
  const held = policiesHolding(endpoint, policies)
    .flatMap(({ rules }) => rules[direction] === undefined ? [] : [rules[direction]]);
  return held.length === 0 ? undefined : held.flat();
}
