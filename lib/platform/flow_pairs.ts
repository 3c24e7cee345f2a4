import { type End, endsOf } from "./ends.ts";
import type { Flow, NumberedPort, Platform } from "./types.ts";

/** A flow whose ends are single ones, and whose ports are numbers. */
export interface FlowPair {
  /** Name of the end that connects. */
  from: string;
  /** Name of the end that answers. */
  to: string;
  /** Ports of the pods or hosts that answer. */
  ports: Required<NumberedPort>[];
  /** Index of the flow that says so. */
  index: number;
}

/**
 * Names of the ends behind a name: its own, or those of a group and of the groups in it, each once. Names that
 * nobody declares stay as they are, and a group within itself adds nothing.
 */
export function membersOf(
  name: string,
  groups: Platform["groups"],
  ends: Iterable<readonly [string, End]>,
): string[] {
  const known = [...ends];
  const members = new Set<string>();
  const entered = new Set<string>();
  const enter = (name: string) => {
    const group = groups[name];
    if (group === undefined) return void members.add(name);
    if (entered.has(name)) return;
    entered.add(name);
    if (Array.isArray(group)) return group.forEach(enter);
    for (const [end, { ports }] of known) if (group.havingPort in ports) members.add(end);
  };
  enter(name);
  return [...members];
}

/**
 * The ports of a flow as its receiver numbers them. Names that the receiver does not have are left out.
 */
export function portsOf({ ports, protocol = "TCP" }: Flow, to: End): Required<NumberedPort>[] {
  return ports.flatMap((port) => {
    if (typeof port === "number") return [{ port, protocol }];
    const named = to.ports[port];
    return named === undefined ? [] : [{ port: named.port, protocol: named.protocol ?? "TCP" }];
  });
}

/**
 * All pairs of ends that the flows of a platform name, groups taken apart. A flow between groups does not connect
 * an end with itself; one that names it at both ends does.
 */
export function flowPairs(platform: Platform): FlowPair[] {
  const ends = new Map(endsOf(platform));
  return platform.flows.flatMap((flow, index) => {
    const targets = membersOf(flow.to, platform.groups, ends);
    return membersOf(flow.from, platform.groups, ends).filter((from) => ends.has(from)).flatMap(
      (from) =>
        targets
          .filter((to) => to !== from || (flow.from === from && flow.to === to))
          .flatMap((to) => {
            const end = ends.get(to);
            return end === undefined ? [] : [{ from, to, ports: portsOf(flow, end), index }];
          }),
    );
  });
}
