import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { allContainers } from "../pods.ts";

/** The last one wins, in silence. */
export const duplicateVariable: Rule = {
  name: "duplicate-variable",
  summary: "A container has each environment variable once",
  severity: "error",
  check: ({ sources }) =>
    sources.flatMap(({ owner, spec }) =>
      allContainers(spec).flatMap(({ name, env = [] }) => {
        const names = env.map((variable) => variable.name);
        const twice = [...new Set(names.filter((each, index) => names.indexOf(each) < index))];
        return twice.length === 0 ? [] : [{
          object: refOf(owner),
          because: `container ${name} has ${twice.join(", ")} more than once`,
          remedy: "keep the one that is meant",
        }];
      })
    ),
};
