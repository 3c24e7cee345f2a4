import type { ClusterClient } from "../../core/cluster.ts";
import { SlipwayError } from "../../core/errors.ts";

/** Programs in pods. */
export function createExecOperation(): Pick<ClusterClient, "exec"> {
  return {
    exec: ({ namespace, name }, { argv }) =>
      Promise.reject(new SlipwayError(`Cannot run ${argv[0]} in Pod ${namespace}/${name}`)),
  };
}
