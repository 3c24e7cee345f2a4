import { refOf } from "../../core/object.ts";
import { nodesOf } from "../../platform/nodes.ts";
import type { Rule } from "../finding.ts";
import { countsOf } from "../replicas.ts";

/** Two pods on one node fall together. */
export const noSpread: Rule = {
  name: "no-spread",
  summary: "What runs in several pods is spread over nodes",
  severity: "warning",
  check: (view) => {
    if (nodesOf(view.platform).length === 1) return [];
    return view.sources.flatMap(({ owner, kind, spec }) => {
      const counted = kind === "Deployment" || kind === "StatefulSet";
      const least = counted ? countsOf(owner, view)?.least ?? 0 : 0;
      const apart = spec.affinity?.podAntiAffinity !== undefined ||
        (spec.topologySpreadConstraints ?? []).length > 0;
      return least < 2 || apart ? [] : [{
        object: refOf(owner),
        because: `its ${least} pods may all be put on one node`,
        remedy: "spread them, by antiAffinity or by topology",
      }];
    });
  },
};
