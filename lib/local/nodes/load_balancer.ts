import type { KubeObject } from "../../core/object.ts";
import type { Node } from "./storage.ts";

/** A service. Source: core/v1 Service. */
export interface Service extends KubeObject {
  /** What the service is to be. */
  spec: {
    /** `LoadBalancer` is the one that matters here. */
    type?: string;
    /** Who serves it; k3s's ServiceLB when absent. */
    loadBalancerClass?: string;
    /** Ports on the outside. */
    ports?: {
      /** Number. */
      port: number;
      /** TCP, UDP or SCTP. */
      protocol?: string;
    }[];
  };
  /** What the service is. */
  status?: {
    /** Where it can be reached. */
    loadBalancer?: {
      /** Addresses. */
      ingress?: {
        /** Address. */
        ip?: string;
      }[];
    };
  };
}

/** Label of the nodes that take part, once any node has it. Source: k3s, "Networking Services", Service Load Balancer. */
export const serviceNodeLabel = "svccontroller.k3s.cattle.io/enablelb";

/**
 * The addresses at which each service can be reached, in the order of the services given:
 * those of the nodes, external ones if any node has one. Each port of a node serves one
 * service, the oldest that asks for it; others get no address.
 * Source: k3s, "Networking Services", Service Load Balancer.
 */
export function balancerAddresses(
  services: readonly Service[],
  nodes: readonly Node[],
): { service: Service; addresses: string[] }[] {
  const addresses = nodeAddresses(nodes);
  const taken = new Set<string>();
  const answers = new Map<Service, string[]>();
  for (const service of [...services].sort(byAge)) {
    const ports = (service.spec.ports ?? []).map(({ port, protocol = "TCP" }) =>
      `${protocol}/${port}`
    );
    const served = isServed(service) && !ports.some((port) => taken.has(port));
    if (served) { for (const port of ports) taken.add(port); }
    answers.set(service, served ? addresses : []);
  }
  return services.map((service) => ({ service, addresses: answers.get(service) ?? [] }));
}

/** The addresses that a service's status shows. */
export function shownAddresses(service: Service): string[] {
  return (service.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? "").sort();
}

/** Whether ServiceLB, and no other, looks after a service. */
export function isServed(service: Service): boolean {
  return service.spec.type === "LoadBalancer" && service.spec.loadBalancerClass === undefined &&
    service.metadata.deletionTimestamp === undefined;
}

function nodeAddresses(nodes: readonly Node[]): string[] {
  const chosen = nodes.filter(({ metadata }) => metadata.labels?.[serviceNodeLabel] !== undefined);
  const taking = chosen.length > 0
    ? chosen.filter(({ metadata }) => metadata.labels?.[serviceNodeLabel] === "true")
    : nodes;
  const of = (type: string) =>
    taking.flatMap(({ status }) => status?.addresses ?? []).filter((each) => each.type === type)
      .map(({ address }) => address).sort();
  const external = of("ExternalIP");
  return external.length > 0 ? external : of("InternalIP");
}

function byAge(a: Service, b: Service): number {
  const key = ({ metadata }: Service) =>
    `${metadata.creationTimestamp ?? ""} ${metadata.namespace}/${metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}
