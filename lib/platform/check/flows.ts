import type { Mistake, Path } from "../mistake.ts";
import type { Flow, Platform } from "../types.ts";
import { type End, endsOf, nodesPeer } from "../ends.ts";
import { type FlowPair, flowPairs, membersOf } from "../flow_pairs.ts";
import { refer } from "./reference.ts";
import { checkRoutesArrive } from "./route_flows.ts";

/** Ends that only connect to others. */
const neverCalled = ["backup job", "cron job"];

/** Flows go between ends that are declared once, and let in what routes send. */
export function checkFlows(platform: Platform): Mistake[] {
  const { externalServices, peers, groups } = platform;
  const ends = endsOf(platform);
  const receivers = ends.filter(([, { what }]) => !neverCalled.includes(what));
  const senders = ends.filter(([, { what }]) => what !== "external service");
  const pairs = flowPairs(platform);
  return [
    ...checkUnique(ends),
    ...Object.entries(externalServices).flatMap(([name, { peer, dnsName }]) => {
      const path = ["externalServices", name];
      if (peer !== undefined) return refer([...path, "peer"], peer, Object.keys(peers), "peer");
      return dnsName !== undefined && pairs.some(({ to }) => to === name)
        ? [{
          path: [...path, "peer"],
          message:
            "missing, expected because a flow leads here: a network policy cannot name a DNS name",
        }]
        : [];
    }),
    ...platform.flows.flatMap((flow, index) => [
      ...checkEnd(["flows", index, "from"], flow.from, senders, ends, groups),
      ...checkEnd(["flows", index, "to"], flow.to, receivers, ends, groups),
      ...checkPorts(["flows", index, "ports"], flow, ends, groups),
    ]),
    ...checkNodeSenders(platform, pairs, new Map(ends)),
    ...checkRoutesArrive(platform),
  ];
}

/** One of the ends, or a group of them. */
function checkEnd(
  path: Path,
  name: string,
  ends: readonly (readonly [string, End])[],
  all: readonly (readonly [string, End])[],
  groups: Platform["groups"],
): Mistake[] {
  if (groups[name] === undefined) {
    return refer(path, name, [...names(ends), ...Object.keys(groups)], kinds(ends));
  }
  return membersOf(name, groups, all)
    .filter((member) => names(all).includes(member) && !names(ends).includes(member))
    .map((member) => ({
      path,
      message: `${member} of group ${name} cannot be at this end, expected only ${kinds(ends)}`,
    }));
}

/** What comes from the network of a node has the node's address, which a policy must be told. */
function checkNodeSenders(
  { namespaces, peers }: Platform,
  pairs: readonly FlowPair[],
  ends: ReadonlyMap<string, End>,
): Mistake[] {
  if (peers[nodesPeer]?.cidrs !== undefined) return [];
  return pairs
    .filter(({ from, to }) =>
      ends.get(from)!.hostNetwork === true &&
      namespaces[ends.get(to)!.namespace ?? ""]?.defaultDeny === true
    )
    .map(({ from, to, index }) => ({
      path: ["flows", index],
      message:
        `${from} connects to ${to} from the network of its node, expected a peer called ${nodesPeer} with the cidrs of the nodes`,
    }));
}

/** A port name must be known to everyone who is called by it. */
function checkPorts(
  path: Path,
  { to, ports }: Flow,
  ends: readonly (readonly [string, End])[],
  groups: Platform["groups"],
): Mistake[] {
  return ports.flatMap((port, index) =>
    typeof port === "number" ? [] : membersOf(to, groups, ends).flatMap((name) => {
      const end = ends.find(([other]) => other === name)?.[1];
      return end === undefined
        ? []
        : refer([...path, index], port, Object.keys(end.ports), `port of ${name}`);
    })
  );
}

function names(ends: readonly (readonly [string, End])[]): string[] {
  return ends.map(([name]) => name);
}

/** The kinds of ends that there are, as a message lists them. */
function kinds(ends: readonly (readonly [string, End])[]): string {
  const all = [...new Set(ends.map(([, { what }]) => what))].filter((what) => what !== "peer");
  return all.length === 0 ? "peer" : `${all.join(", ")} or peer`;
}

/** A flow names its ends alone, so no two things that can be one may share a name. */
function checkUnique(ends: readonly (readonly [string, End])[]): Mistake[] {
  return ends
    .filter(([name], index) => ends.findIndex(([other]) => other === name) < index)
    .map(([name, { path }]) => ({
      path,
      message:
        `another end of flows is called ${name}, expected a name of its own: flows could mean both`,
      atKey: true,
    }));
}
