import type { ContainerPort, Endpoint } from "./endpoint.ts";
import type { PolicyPort, PolicyRule } from "./policy.ts";

/** Ports of one protocol from the first to the last, both included. */
export interface PortRange {
  /** Protocol, such as `TCP`. */
  protocol: string;
  /** First port. */
  first: number;
  /** Last port. */
  last: number;
}

const lastPort = 65535;

/** Whether some ports are all that there are of their protocol. */
export function isEveryPort({ first, last }: PortRange): boolean {
  return first === 1 && last === lastPort;
}

/**
 * The ports that a question is answered with yes for, asked only where the answer can change: where one of the rules,
 * or a port of the target, begins or ends.
 */
export function portsWhere(
  rules: readonly PolicyRule[],
  target: Endpoint,
  isAllowed: (protocol: string, port: number) => boolean,
): PortRange[] {
  const ports = rules.flatMap(({ ports }) => ports ?? []);
  const own = target.kind === "pods" ? target.ports : [];
  const protocols = new Set(["TCP", "UDP", ...[...ports, ...own].map(({ protocol }) => protocol)]);
  return [...protocols].flatMap((protocol) => {
    const edges = edgesOf(ports, own, protocol);
    const ranges = edges.map((first, index) => ({
      protocol,
      first,
      last: (edges[index + 1] ?? lastPort + 1) - 1,
    }));
    return joined(ranges.filter(({ first }) => isAllowed(protocol, first)));
  });
}

/** Ports that are in both. */
export function commonPorts(
  allowed: readonly PortRange[],
  own: readonly ContainerPort[],
): PortRange[] {
  return own
    .filter(({ port, protocol }) =>
      allowed.some((range) =>
        range.protocol === protocol && range.first <= port && port <= range.last
      )
    )
    .map(({ port, protocol }) => ({ protocol, first: port, last: port }))
    .filter(({ protocol, first }, index, all) =>
      all.findIndex((other) => other.protocol === protocol && other.first === first) === index
    )
    .sort((a, b) => a.first - b.first);
}

/** Ports as people read them: `443, 53/UDP, 30000-32767`, or `any`. */
export function portsText(ranges: readonly PortRange[]): string {
  const every = ranges.filter(isEveryPort).map(({ protocol }) => protocol);
  if (every.includes("TCP") && every.includes("UDP")) return "any port";
  return ranges.map((range) => {
    const suffix = range.protocol === "TCP" ? "" : `/${range.protocol}`;
    if (isEveryPort(range)) return `any ${range.protocol} port`;
    return range.first === range.last
      ? `${range.first}${suffix}`
      : `${range.first}-${range.last}${suffix}`;
  }).join(", ");
}

function edgesOf(
  ports: readonly PolicyPort[],
  own: readonly ContainerPort[],
  protocol: string,
): number[] {
  const edges = new Set([1]);
  for (const { port, endPort, protocol: other } of ports) {
    if (other !== protocol || typeof port !== "number") continue;
    edges.add(port).add((endPort ?? port) + 1);
  }
  for (const { port, protocol: other } of own) {
    if (other === protocol) edges.add(port).add(port + 1);
  }
  return [...edges].filter((edge) => edge <= lastPort).sort((a, b) => a - b);
}

function joined(ranges: readonly PortRange[]): PortRange[] {
  return ranges.reduce<PortRange[]>((result, range) => {
    const before = result.at(-1);
    if (before !== undefined && before.last + 1 === range.first) before.last = range.last;
    else result.push({ ...range });
    return result;
  }, []);
}
