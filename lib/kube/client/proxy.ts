import type { ClusterClient } from "../../core/cluster.ts";
import { objectPath } from "./paths.ts";
import type { Session } from "./session.ts";

const pods = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true, verbs: [] };

/** Requests to pods, which the API server hands on. Source: Kubernetes, "Access services running on clusters". */
export function createProxyOperation(
  { transport, closing }: Session,
): Pick<ClusterClient, "proxy"> {
  return {
    async proxy({ namespace, name, port, scheme = "http" }, { path, signal, ...request }) {
      const tried = `reach port ${port} of Pod ${namespace}/${name}`;
      const target = { namespace, name: `${scheme}:${name}:${port}` };
      const answer = await transport.open(
        `${objectPath(pods, target, "proxy")}${path}`,
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
