import type { ClusterClient } from "../../core/cluster.ts";
import { refOf } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import { balancerAddresses, type Service, shownAddresses } from "./load_balancer.ts";
import type { Node } from "./storage.ts";

/** Write the addresses of all services that ServiceLB looks after, where they differ from what is shown. */
export async function balanceServices(
  client: ClusterClient,
  services: readonly Service[],
  nodes: readonly Node[],
): Promise<void> {
  for (const { service, addresses } of balancerAddresses(services, nodes)) {
    if (shownAddresses(service).join() === addresses.join()) continue;
    const ingress = addresses.map((ip) => ({ ip }));
    const { uid } = service.metadata;
    try {
      await client.patch(
        refOf(service),
        { metadata: { uid }, status: { loadBalancer: { ingress } } },
        { subresource: "status" },
      );
    } catch (error) {
      // It has gone, or another has taken its name: the watch will tell.
      if (!hasReason(error, "Conflict", "NotFound")) throw error;
    }
  }
}
