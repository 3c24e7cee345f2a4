import { type AddressRange, rangesOf, withoutRanges } from "./address_range.ts";

/** Who can be at an end of a connection: pods that are alike, or addresses outside of the cluster. */
export type Endpoint = PodEndpoint | AddressEndpoint;

/** Pods that are alike, as those of one Deployment are. */
export interface PodEndpoint {
  /** Discriminates the union. */
  kind: "pods";
  /** What messages call them. */
  name: string;
  /** Their namespace. */
  namespace: string;
  /** Labels of the namespace. */
  namespaceLabels: Readonly<Record<string, string>>;
  /** Labels of the pods. */
  labels: Readonly<Record<string, string>>;
  /** Ports of their containers. */
  ports: readonly ContainerPort[];
  /** They use the network of their node: no policy holds or selects them. */
  hostNetwork?: boolean;
}

/** Addresses outside of the cluster. */
export interface AddressEndpoint {
  /** Discriminates the union. */
  kind: "addresses";
  /** What messages call them. */
  name: string;
  /** Ranges of addresses. */
  cidrs: readonly string[];
  /** Ranges within these that are not meant. */
  except?: readonly string[];
  /** Addresses that are somebody else's, unless nothing would be left. */
  without?: readonly AddressRange[];
}

/** A port of a container. */
export interface ContainerPort {
  /** Its name, by which policies may mean it. */
  name?: string;
  /** Its number. */
  port: number;
  /** Its protocol. */
  protocol: string;
}

/** Where pods and nodes have their addresses, which nobody knows before they run. */
export interface ClusterRanges {
  /** Addresses of pods. @default k3s' own, 10.42.0.0/16 */
  pods?: readonly string[];
  /** Addresses of nodes. @default any */
  nodes?: readonly string[];
}

/** Addresses that an endpoint may have: a pod may have any of its cluster's. Source of the default: K3s, `--cluster-cidr`. */
export function addressesOf(endpoint: Endpoint, ranges: ClusterRanges = {}): AddressRange[] {
  if (endpoint.kind === "addresses") {
    const all = endpoint.cidrs.flatMap((cidr) => rangesOf(cidr, endpoint.except));
    const own = withoutRanges(all, endpoint.without ?? []);
    return own.length === 0 ? all : own;
  }
  const cidrs = endpoint.hostNetwork === true
    ? ranges.nodes ?? ["0.0.0.0/0"]
    : ranges.pods ?? ["10.42.0.0/16"];
  return cidrs.flatMap((cidr) => rangesOf(cidr));
}
