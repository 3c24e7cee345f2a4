import type { Manifest } from "../../../lib/core/object.ts";
import { endsOf } from "../../../lib/platform/ends.ts";
import type { Flow, Peer, Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { NetworkPolicy, NetworkPolicyPeer } from "../types.ts";

/** Label that Kubernetes gives each namespace. Source: Kubernetes, "Well-Known Labels". */
const namespaceLabel = "kubernetes.io/metadata.name";

/** Port of the pods that answer HTTP-01 challenges. Source: cert-manager, acmesolver. */
const solverPort = 8089;

/**
 * NetworkPolicies for all namespaces with `defaultDeny`: nothing but DNS and the flows of the platform. A flow
 * becomes a policy at each of its ends that denies by default.
 */
export function networkPolicies(platform: Platform): Manifest[] {
  const denying = Object.entries(platform.namespaces)
    .filter(([, { defaultDeny }]) => defaultDeny === true)
    .map(([name]) => name);
  const ends = new Map<string, Peer>(endsOf(platform));
  const flows = Map.groupBy(platform.flows, ({ from, to }) => `${from} ${to}`);
  return [
    ...denying.flatMap((namespace) => [denyAll(namespace), allowDns(namespace)]),
    ...denying.filter((namespace) => isCertified(namespace, platform)).map((namespace) =>
      allowSolver(namespace, ends.get(platform.ingress!.peer)!)
    ),
    ...[...flows.values()].flatMap((same) => {
      const { from, to } = same[0]!;
      const ports = [...new Set(same.flatMap((flow) => flow.ports))];
      return [
        ...allow("Ingress", { from, to, ports }, denying, ends),
        ...allow("Egress", { from, to, ports }, denying, ends),
      ];
    }),
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

function isCertified(namespace: string, { certificates, ingress }: Platform): boolean {
  return ingress !== undefined &&
    Object.values(certificates).some((certificate) => certificate.namespace === namespace);
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

/** The policy that lets a flow in at its target, or out at its source, where that namespace denies by default. */
function allow(
  direction: "Ingress" | "Egress",
  { from, to, ports }: Flow,
  denying: string[],
  ends: ReadonlyMap<string, Peer>,
): Manifest[] {
  const [held, other] = direction === "Ingress" ? [to, from] : [from, to];
  const { namespace, podLabels } = ends.get(held)!;
  if (namespace === undefined || !denying.includes(namespace)) return [];
  const peers = peersOf(ends.get(other)!);
  const allowed = ports.map((port) => ({ protocol: "TCP" as const, port }));
  return [policy(`${held}-${direction === "Ingress" ? "from" : "to"}-${other}`, namespace, {
    podSelector: { matchLabels: podLabels },
    policyTypes: [direction],
    ...(direction === "Ingress"
      ? { ingress: [{ from: peers, ports: allowed }] }
      : { egress: [{ to: peers, ports: allowed }] }),
  })];
}

function peersOf({ namespace, podLabels, cidrs = [], except }: Peer): NetworkPolicyPeer[] {
  if (namespace === undefined) {
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
