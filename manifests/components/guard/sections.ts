import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { namespace } from "./namespace.ts";
import { networkPolicies } from "./policy.ts";

/** Objects that bound who may do and reach what. */
export function guardObjects(platform: Platform): Manifest[] {
  return [
    ...each(platform.namespaces, namespace),
    ...networkPolicies(platform),
  ];
}
