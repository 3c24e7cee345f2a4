import { type Manifest, refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import { countsOf } from "../replicas.ts";

/** Only the pods of one node can mount such a volume; those on others wait until it is given back, which may be never. */
export const exclusiveClaim: Rule = {
  name: "exclusive-claim",
  summary: "A volume that one node can mount is used by one pod at a time, in rollouts too",
  severity: "error",
  check: (view) =>
    view.sources.flatMap(({ owner, kind, namespace, spec }) => {
      if (kind !== "Deployment") return [];
      const most = countsOf(owner, view)?.most ?? 1;
      const surge = surgeOf(owner);
      return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
        if (persistentVolumeClaim === undefined) return [];
        const { claimName } = persistentVolumeClaim;
        const claim = view.find("PersistentVolumeClaim", namespace, claimName);
        const { accessModes = [] } = (claim?.["spec"] ?? {}) as { accessModes?: string[] };
        const exclusive = accessModes.length > 0 &&
          accessModes.every((mode) => mode.startsWith("ReadWriteOnce"));
        if (!exclusive || (most < 2 && !surge)) return [];
        return [{
          object: refOf(owner),
          because: `${most < 2 ? "a rollout starts a second pod" : `up to ${most} pods`} beside ` +
            `the claim ${claimName}, which is ${accessModes.join(", ")}`,
          remedy: most < 2
            ? "let rollouts stop the old pod first: maxSurge 0"
            : "claim it ReadWriteMany, or give each pod a volume of its own",
        }];
      });
    }),
};

/** Whether a rollout starts pods before it stops old ones. Source: k8s.io/api, apps/v1 RollingUpdateDeployment. */
function surgeOf(deployment: Manifest): boolean {
  const { strategy } = deployment["spec"] as {
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string } };
  };
  if (strategy?.type === "Recreate") return false;
  return ![0, "0", "0%"].includes(strategy?.rollingUpdate?.maxSurge ?? "25%");
}
