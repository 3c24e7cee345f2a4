import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { runningContainers } from "../pods.ts";
import { scales } from "../replicas.ts";

/** Use in percent is percent of the request: without one the autoscaler does nothing, and says so only in its status. */
export const autoscalerWithoutRequests: Rule = {
  name: "autoscaler-without-requests",
  summary: "All containers of what an autoscaler scales request what it goes by",
  severity: "error",
  check: ({ ofKind, sources }) =>
    ofKind("HorizontalPodAutoscaler").flatMap((autoscaler) => {
      const { metrics = [] } = autoscaler["spec"] as {
        metrics?: { resource?: { name: string; target?: { type?: string } } }[];
      };
      const source = sources.find(({ owner }) => scales(autoscaler, owner));
      return metrics.flatMap(({ resource }) => {
        if (resource?.target?.type !== "Utilization" || source === undefined) return [];
        return runningContainers(source.spec)
          .filter(({ resources = {} }) =>
            resources.requests?.[resource.name] === undefined &&
            resources.limits?.[resource.name] === undefined
          )
          .map(({ name }) => ({
            object: refOf(autoscaler),
            because: `it goes by ${resource.name}, and container ${name} requests none`,
            remedy: `give the container a request for ${resource.name}`,
          }));
      });
    }),
};
