import type { ClusterClient, PodPort } from "../core/cluster.ts";
import { messageOf, SlipwayError } from "../core/errors.ts";
import { StatusError } from "../core/status_error.ts";
import { VaultError } from "./errors.ts";
import type { VaultExchange } from "./exchange.ts";

/**
 * A way to a Vault server in a pod, through the API server: no port of the cluster need be open. What goes over it is
 * encrypted as far as the API server, which a Vault with TLS it then speaks HTTPS with, without a check of the
 * certificate. Closing it leaves the cluster's client open.
 */
export function podExchange(cluster: ClusterClient, pod: PodPort): VaultExchange {
  const address = `${pod.namespace}/${pod.name} through the API server`;
  return {
    address,
    async send({ tried, ...request }) {
      try {
        return await cluster.proxy(pod, request);
      } catch (error) {
        if (request.signal.aborted || !(error instanceof SlipwayError)) throw error;
        throw failure(tried, address, pod, error);
      }
    },
    close: () => {},
  };
}

function failure(
  tried: string,
  address: string,
  { namespace, name }: PodPort,
  error: SlipwayError,
): VaultError {
  const message = `Cannot ${tried} at the Vault ${address}: ${messageOf(error)}`;
  const refused = error instanceof StatusError && error.reason === "Forbidden";
  return new VaultError(message, {
    problem: refused ? "not-permitted" : "unreachable",
    address,
    remedy: refused
      ? `have an administrator allow you get, create and update on pods/proxy in ${namespace}`
      : error.remedy ??
        `see why Pod ${namespace}/${name} does not answer, with \`deno task status\``,
    retryable: !refused && error.retryable,
    cause: error,
  });
}
