import type { ClusterClient } from "../../core/cluster.ts";
import { objectPath } from "./paths.ts";
import type { Session } from "./session.ts";

const types = {
  Pod: { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true, verbs: [] },
  Service: { apiVersion: "v1", kind: "Service", plural: "services", namespaced: true, verbs: [] },
} as const;

/** Requests to pods and services, which the API server hands on. Source: Kubernetes, "Access services running on clusters". */
export function createProxyOperation(
  { transport, closing }: Session,
): Pick<ClusterClient, "proxy"> {
  return {
    async proxy(
      { kind = "Pod", namespace, name, port, scheme = "http" },
      { path, signal, ...request },
    ) {
      const tried = `reach port ${
        port === "" ? "without a name" : port
      } of ${kind} ${namespace}/${name}`;
      const target = { namespace, name: `${scheme}:${name}:${port}` };
      const answer = await transport.open(
        `${objectPath(types[kind], target, "proxy")}${path}`,
        tried,
        AbortSignal.any([signal, closing]),
        { headers: {}, ...request },
      );
      const { status, headers, body, release } = answer;
      let open = true;
      const end = (dead: boolean) => {
        if (open) release(dead);
        open = false;
      };
      const guarded = body.pipeThrough(
        new TransformStream({ flush: () => end(false), cancel: () => end(true) }),
      );
      return { status, headers, body: guarded };
    },
  };
}
