import type { Manifest } from "../../../lib/core/object.ts";
import type { ExternalService } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { EndpointSlice, Service } from "../types.ts";

/**
 * A Service for what is not in the cluster: without selector and with an EndpointSlice for addresses, an
 * ExternalName for a DNS name. Source: Kubernetes, "Services without selectors".
 */
export function externalService(name: string, options: ExternalService): Manifest[] {
  const { namespace, dnsName, addresses = [] } = options;
  const ports = Object.entries(options.ports);
  if (dnsName !== undefined) {
    return [define<Service>({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: {
        type: "ExternalName",
        externalName: dnsName,
        ports: ports.map(([port, number]) => ({ name: port, port: number, protocol: "TCP" })),
      },
    })];
  }
  return [
    define<Service>({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: {
        type: "ClusterIP",
        ports: ports.map(([port, number]) => ({
          name: port,
          port: number,
          targetPort: number,
          protocol: "TCP",
        })),
      },
    }),
    define<EndpointSlice>({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `${name}-external`,
        namespace,
        labels: { "kubernetes.io/service-name": name },
      },
      addressType: addresses.some((address) => address.includes(":")) ? "IPv6" : "IPv4",
      endpoints: addresses.map((address) => ({
        addresses: [address],
        conditions: { ready: true },
      })),
      ports: ports.map(([port, number]) => ({ name: port, port: number, protocol: "TCP" })),
    }),
  ];
}
