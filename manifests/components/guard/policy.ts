import type { Manifest } from "../../../lib/core/object.ts";
import { type End, endsOf } from "../../../lib/platform/ends.ts";
import { flowPairs } from "../../../lib/platform/flow_pairs.ts";
import { ingressEnd } from "../../../lib/platform/ingress.ts";
import type { NumberedPort, Peer, Platform, Protocol } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { NetworkPolicy, NetworkPolicyPeer } from "../types.ts";

/** Label that Kubernetes gives each namespace. Source: Kubernetes, "Well-Known Labels". */
const namespaceLabel = "kubernetes.io/metadata.name";

/** Port of the pods that answer HTTP-01 challenges. Source: cert-manager, acmesolver. */
const solverPort = 8089;

/**
 * NetworkPolicies for all namespaces with `defaultDeny`: nothing but DNS and the flows of the platform. A flow
 * becomes a policy at each of its ends that denies by default; one for all members of a group at the other end.
 */
export function networkPolicies(platform: Platform): Manifest[] {
  const denying = Object.entries(platform.namespaces)
    .filter(([, { defaultDeny }]) => defaultDeny === true)
    .map(([name]) => name);
  const ends = new Map(endsOf(platform));
  return [
    ...denying.flatMap((namespace) => [denyAll(namespace), allowDns(namespace)]),
    ...denying.filter((namespace) => isSolvedIn(namespace, platform)).map((namespace) =>
      allowSolver(namespace, ends.get(ingressEnd(platform.ingress!))!)
    ),
    ...flowPolicies(platform, denying, ends),
  ];
}

function denyAll(namespace: string): Manifest {
  return policy("default-deny", namespace, {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
}

function allowDns(namespace: string): Manifest {
  return policy("allow-dns", namespace, {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [{
      to: [{
        namespaceSelector: { matchLabels: { [namespaceLabel]: "kube-system" } },
        podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
      }],
      ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }],
    }],
  });
}

/** Whether challenges are answered by pods in a namespace; those by DNS are not. */
function isSolvedIn(namespace: string, { certificates, ingress, issuers }: Platform): boolean {
  return ingress !== undefined &&
    Object.values(certificates).some((certificate) =>
      certificate.namespace === namespace && issuers[certificate.issuer]?.challenge === "http01"
    );
}

/** cert-manager starts pods beside the certificate that answer the challenges which the ingress controller passes on. */
function allowSolver(namespace: string, ingress: Peer): Manifest {
  return policy("allow-acme-solver", namespace, {
    podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
    policyTypes: ["Ingress"],
    ingress: [{
      from: peersOf(ingress),
      ports: [{ protocol: "TCP", port: solverPort }],
    }],
  });
}

/** What a flow lets in at its target, or out at its source. */
interface Opening {
  direction: "Ingress" | "Egress";
  /** The end whose namespace denies by default. */
  held: string;
  /** The other end, or the group that it belongs to. */
  other: string;
  peer: End;
  ports: Required<NumberedPort>[];
}

function flowPolicies(
  platform: Platform,
  denying: readonly string[],
  ends: ReadonlyMap<string, End>,
): Manifest[] {
  const openings = flowPairs(platform).flatMap(({ from, to, ports, index }): Opening[] => {
    const flow = platform.flows[index]!;
    return [
      { direction: "Ingress", held: to, other: flow.from, peer: ends.get(from)!, ports },
      { direction: "Egress", held: from, other: flow.to, peer: ends.get(to)!, ports },
    ];
  });
  const denied = openings.filter(({ held }) => {
    const { namespace = "", hostNetwork } = ends.get(held)!;
    return denying.includes(namespace) && hostNetwork !== true;
  });
  const byPolicy = Map.groupBy(
    denied,
    ({ direction, held, other }) => `${held}-${direction === "Ingress" ? "from" : "to"}-${other}`,
  );
  return [...byPolicy].map(([name, same]) => {
    const { direction, held } = same[0]!;
    const { namespace, podLabels } = ends.get(held)!;
    const rules = rulesOf(same);
    return policy(name, namespace!, {
      podSelector: { matchLabels: podLabels },
      policyTypes: [direction],
      ...(direction === "Ingress"
        ? { ingress: rules.map(({ peers, ports }) => ({ from: peers, ports })) }
        : { egress: rules.map(({ peers, ports }) => ({ to: peers, ports })) }),
    });
  });
}

/** Rules with at least one peer and one port each: an empty list of either would stand for all. */
function rulesOf(
  openings: readonly Opening[],
): { peers: NetworkPolicyPeer[]; ports: { protocol: Protocol; port: number }[] }[] {
  const portsOfPeer = [...Map.groupBy(openings, ({ peer }) => peer)].map(([peer, same]) => {
    const ports = same.flatMap(({ ports }) => ports);
    const numbers = new Map(ports.map(({ port, protocol }) => [
      `${protocol} ${port}`,
      { protocol, port },
    ]));
    return { peer, ports: [...numbers.values()], key: [...numbers.keys()].sort().join() };
  });
  return [...Map.groupBy(portsOfPeer, ({ key }) => key).values()]
    .map((same) => ({
      peers: same.flatMap(({ peer }) => peersOf(peer)),
      ports: same[0]!.ports,
    }))
    .filter(({ peers, ports }) => peers.length > 0 && ports.length > 0);
}

function peersOf(end: Peer & Pick<End, "hostNetwork">): NetworkPolicyPeer[] {
  const { namespace, podLabels, cidrs = [], except, hostNetwork } = end;
  if (namespace === undefined || hostNetwork === true) {
    return cidrs.map((cidr) => ({ ipBlock: { cidr, except: except && [...except] } }));
  }
  return [{
    namespaceSelector: { matchLabels: { [namespaceLabel]: namespace } },
    podSelector: podLabels && { matchLabels: podLabels },
  }];
}

function policy(name: string, namespace: string, spec: NetworkPolicy["spec"]): Manifest {
  return define<NetworkPolicy>({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec,
  });
}
