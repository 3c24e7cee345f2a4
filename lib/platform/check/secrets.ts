import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { serviceAccountOf } from "../workloads.ts";
import { refer, within } from "./reference.ts";
import { checkResources } from "./resources.ts";

/** External secrets need their store, stores the service account they log in with. */
export function checkSecrets(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.secretStores).flatMap(([name, { namespace, serviceAccount }]) =>
      refer(
        ["secretStores", name, "serviceAccount"],
        serviceAccount,
        within(platform.workloads, namespace).map(([name, workload]) =>
          serviceAccountOf(name, workload)
        ),
        `service account in namespace ${namespace}`,
      )
    ),
    ...Object.entries(platform.externalSecrets).flatMap(([name, { namespace, store }]) =>
      refer(
        ["externalSecrets", name, "store"],
        store,
        within(platform.secretStores, namespace).map(([known]) => known),
        `secret store in namespace ${namespace}`,
      )
    ),
    ...checkClashes(platform),
    ...Object.entries(platform.vaults).flatMap(([name, { resources }]) =>
      checkResources(["vaults", name, "resources"], resources)
    ),
  ];
}

/** A certificate and an external secret of one name would write the same Secret. */
function checkClashes(platform: Platform): Mistake[] {
  return Object.entries(platform.certificates).flatMap(([name, { namespace }]) =>
    platform.externalSecrets[name]?.namespace === namespace
      ? [{
        path: ["certificates", name],
        message:
          "an external secret has this name too, expected another: both would write one Secret",
        atKey: true,
      }]
      : []
  );
}
