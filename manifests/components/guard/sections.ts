import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { access } from "./access.ts";
import { namespace } from "./namespace.ts";
import { networkPolicies } from "./policy.ts";
import { bounds } from "./quota.ts";

/** Objects that bound who may do and reach what. */
export function guardObjects(platform: Platform): Manifest[] {
  return [
    ...each(platform.namespaces, namespace),
    ...each(platform.namespaces, bounds),
    ...access(platform),
    ...networkPolicies(platform),
  ];
}
