import type { Rule } from "../finding.ts";
import { autoscalerTarget } from "./autoscaler_target.ts";
import { autoscalerWithoutRequests } from "./autoscaler_without_requests.ts";
import { backupStaysInside } from "./backup_stays_inside.ts";
import { broadRights } from "./broad_rights.ts";
import { budgetSelectsNothing } from "./budget_selects_nothing.ts";
import { defaultAccount } from "./default_account.ts";
import { drainBlocked } from "./drain_blocked.ts";
import { duplicateVariable } from "./duplicate_variable.ts";
import { exampleHolder } from "./example_holder.ts";
import { exclusiveClaim } from "./exclusive_claim.ts";
import { exposedService } from "./exposed_service.ts";
import { hostClaimedTwice } from "./host_claimed_twice.ts";
import { latestTag } from "./latest_tag.ts";
import { missingProbes } from "./missing_probes.ts";
import { monitorSelectsNothing } from "./monitor_selects_nothing.ts";
import { movingTag } from "./moving_tag.ts";
import { networkPolicySelectsNothing } from "./network_policy_selects_nothing.ts";
import { noDisruptionBudget } from "./no_disruption_budget.ts";
import { noLimits } from "./no_limits.ts";
import { noSpread } from "./no_spread.ts";
import { openToAll } from "./open_to_all.ts";
import { plainHttp } from "./plain_http.ts";
import { plainSecret } from "./plain_secret.ts";
import { probesAlike } from "./probes_alike.ts";
import {
  backupKeyInside,
  holderUnnamed,
  keyWithoutBackup,
  noWayIn,
  unsealKeyInside,
} from "./recoverability.ts";
import { recoveryPointMissed, walArchiveMissing } from "./recovery_point.ts";
import { serviceSelectsNothing } from "./service_selects_nothing.ts";
import { sharedSelector } from "./shared_selector.ts";
import { unboundedJob } from "./unbounded_job.ts";
import { unboundedScratch } from "./unbounded_scratch.ts";
import { uncoveredVolume } from "./uncovered_volume.ts";
import { unknownBackend } from "./unknown_backend.ts";
import { unknownPort } from "./unknown_port.ts";
import { unknownReference } from "./unknown_reference.ts";
import { unknownSecret } from "./unknown_secret.ts";
import { unneededToken } from "./unneeded_token.ts";
import { unsealedSecret } from "./unsealed_secret.ts";
import { weakContainer } from "./weak_container.ts";

/** All rules: first those that refuse, then those that warn. */
export const allRules: readonly Rule[] = [
  unsealedSecret,
  plainSecret,
  latestTag,
  hostClaimedTwice,
  unknownBackend,
  unknownPort,
  unknownReference,
  serviceSelectsNothing,
  networkPolicySelectsNothing,
  monitorSelectsNothing,
  budgetSelectsNothing,
  drainBlocked,
  autoscalerTarget,
  autoscalerWithoutRequests,
  sharedSelector,
  exclusiveClaim,
  duplicateVariable,
  exampleHolder,
  backupKeyInside,
  unsealKeyInside,
  noWayIn,
  uncoveredVolume,
  backupStaysInside,
  recoveryPointMissed,
  walArchiveMissing,
  keyWithoutBackup,
  holderUnnamed,
  noLimits,
  movingTag,
  missingProbes,
  probesAlike,
  noDisruptionBudget,
  noSpread,
  weakContainer,
  openToAll,
  exposedService,
  plainHttp,
  unknownSecret,
  broadRights,
  unneededToken,
  defaultAccount,
  unboundedJob,
  unboundedScratch,
];
