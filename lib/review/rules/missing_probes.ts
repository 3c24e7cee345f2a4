import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { keepsRunning } from "../pods.ts";
import type { LabelSelector } from "../selector.ts";
import { selects } from "../selector.ts";

/** Without a readiness probe requests reach a pod that cannot answer; without a liveness probe a stuck one stays. */
export const missingProbes: Rule = {
  name: "missing-probes",
  summary:
    "A container that keeps running has a liveness probe, and behind a Service a readiness probe",
  severity: "warning",
  check: (view) => {
    const services = view.ofKind("Service");
    return view.sources.filter(keepsRunning).flatMap(({ owner, namespace, labels, spec }) => {
      const served = services.some(({ metadata, ...service }) => {
        const { selector } = service["spec"] as { selector?: Record<string, string> };
        const matcher: LabelSelector = { matchLabels: selector ?? {} };
        return metadata.namespace === namespace && selector !== undefined &&
          selects(matcher, labels);
      });
      return spec.containers.flatMap((container) => {
        const missing = [
          ...(container.livenessProbe === undefined ? ["liveness"] : []),
          ...(container.readinessProbe === undefined && served &&
              (container.ports ?? []).length > 0
            ? ["readiness"]
            : []),
        ];
        return missing.length === 0 ? [] : [{
          object: refOf(owner),
          because: `container ${container.name} has no ${missing.join(" and no ")} probe`,
          remedy: "say how the kubelet can ask it: path, tcp, grpc or exec",
        }];
      });
    });
  },
};
