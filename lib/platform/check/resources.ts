import { parseQuantity } from "../../core/units.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Resources } from "../types.ts";

/** A limit below its request is refused by the API server, too late for a good message. */
export function checkResources(path: Path, { requests, limits }: Resources): Mistake[] {
  return (["cpu", "memory"] as const)
    .filter((name) => parseQuantity(limits[name]) < parseQuantity(requests[name]))
    .map((name) => ({
      path: [...path, "limits", name],
      message: `${limits[name]} is below the request, expected at least ${requests[name]}`,
    }));
}
