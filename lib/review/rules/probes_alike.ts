import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

/** A pod that is restarted as soon as it is not ready can never just wait, as for a database that is away. */
export const probesAlike: Rule = {
  name: "probes-alike",
  summary: "A liveness probe is more patient than the readiness probe, or asks something else",
  severity: "warning",
  check: ({ sources }) =>
    sources.flatMap(({ owner, spec }) =>
      spec.containers.flatMap(({ name, livenessProbe, readinessProbe }) =>
        livenessProbe === undefined ||
          JSON.stringify(livenessProbe) !== JSON.stringify(readinessProbe)
          ? []
          : [{
            object: refOf(owner),
            because: `liveness and readiness of container ${name} are one and the same`,
            remedy: "let liveness fail later, or ask only whether the program itself is stuck",
          }]
      )
    ),
};
