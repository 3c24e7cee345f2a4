import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

/** Scratch space without a limit can fill the node's disk, and then all of its pods are evicted. */
export const unboundedScratch: Rule = {
  name: "unbounded-scratch",
  summary: "Scratch space has a size limit",
  severity: "warning",
  check: ({ sources }) =>
    sources.flatMap(({ owner, spec }) =>
      (spec.volumes ?? []).flatMap(({ name, emptyDir }) =>
        emptyDir === undefined || emptyDir.sizeLimit !== undefined ? [] : [{
          object: refOf(owner),
          because: `its scratch space ${name} has no size limit`,
          remedy: "set sizeLimit",
        }]
      )
    ),
};
