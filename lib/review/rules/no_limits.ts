import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { allContainers, type Container } from "../pods.ts";

const names = ["cpu", "memory"] as const;

/** Without limits one pod can take a node from all others; without requests the scheduler does not know what fits. */
export const noLimits: Rule = {
  name: "no-limits",
  summary: "A container has requests and limits for CPU and memory",
  severity: "warning",
  check: ({ sources }) =>
    sources.flatMap(({ owner, spec }) =>
      allContainers(spec).flatMap((container) => {
        const missing = [...missingOf(container, "requests"), ...missingOf(container, "limits")];
        return missing.length === 0 ? [] : [{
          object: refOf(owner),
          because: `container ${container.name} has no ${missing.join(", no ")}`,
          remedy: "give its resources both",
        }];
      })
    ),
};

function missingOf({ resources = {} }: Container, which: "requests" | "limits"): string[] {
  const { limits = {}, requests = {} } = resources;
  const what = which === "limits" ? "limit" : "request";
  return names
    // The API server takes a limit for the request where there is none.
    .filter((name) =>
      which === "limits"
        ? limits[name] === undefined
        : requests[name] === undefined && limits[name] === undefined
    )
    .map((name) => `${name} ${what}`);
}
