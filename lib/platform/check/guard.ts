import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { checkAccess } from "./guard_access.ts";
import { checkApiFlows } from "./guard_api.ts";
import { checkGroups } from "./guard_groups.ts";
import { checkBounds } from "./guard_quota.ts";
import { checkZones } from "./guard_zones.ts";

/** What guards a platform must be possible, and must not contradict itself. */
export function checkGuard(platform: Platform): Mistake[] {
  return [
    ...checkBounds(platform),
    ...checkGroups(platform),
    ...checkZones(platform),
    ...checkAccess(platform),
    ...checkApiFlows(platform),
  ];
}
