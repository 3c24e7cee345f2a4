import type { Mistake, Path } from "../mistake.ts";
import type { Platform, Workload } from "../types.ts";
import { kindOf, podCount, serviceAccountOf } from "../workloads.ts";
import { checkCronJob } from "./cron_jobs.ts";
import { checkPod } from "./pods.ts";
import { checkWorkloadServices } from "./workload_services.ts";
import { checkVolumes } from "./workload_volumes.ts";

/** What programs refer to must be declared, and their figures must agree with each other. */
export function checkWorkloads(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.workloads).flatMap(([name, workload]) => {
      const path = ["workloads", name];
      return [
        ...checkKind(path, name, workload),
        ...checkScaling(path, workload),
        ...checkBudget(path, workload),
        ...checkWorkloadServices(path, workload),
        ...checkPod(path, name, workload, platform),
        ...checkVolumes(path, name, workload, platform),
      ];
    }),
    ...Object.entries(platform.cronJobs).flatMap(([name, job]) => {
      const path = ["cronJobs", name];
      return [
        ...checkCronJob(path, name, job),
        ...checkPod(path, name, job, platform),
        ...checkVolumes(path, name, job, platform),
      ];
    }),
    ...checkServiceAccounts(platform),
  ];
}

/** What a kind cannot have would be ignored, or refused by the API server. */
const needs: readonly [keyof Workload, readonly string[]][] = [
  ["replicas", ["Deployment", "StatefulSet"]],
  ["autoscaling", ["Deployment", "StatefulSet"]],
  ["spread", ["Deployment", "StatefulSet"]],
  ["disruptionBudget", ["Deployment", "StatefulSet"]],
  ["rollout", ["Deployment", "DaemonSet"]],
  ["volumeClaims", ["StatefulSet"]],
  ["podManagementPolicy", ["StatefulSet"]],
];

/** The label controller-revision-hash holds the name and eleven characters more, in 63. */
const longestStatefulSet = 52;

function checkKind(path: Path, name: string, workload: Workload): Mistake[] {
  const kind = kindOf(workload);
  const mistakes: Mistake[] = needs
    .filter(([field, kinds]) => workload[field] !== undefined && !kinds.includes(kind))
    .map(([field, kinds]) => ({
      path: [...path, field],
      message: `a ${kind} has no ${field}, expected kind ${kinds.join(" or ")}`,
      atKey: true,
    }));
  if (kind === "StatefulSet" && name.length > longestStatefulSet) {
    mistakes.push({
      path,
      message:
        `a name of ${name.length} characters, expected at most ${longestStatefulSet} for a ` +
        "StatefulSet: labels of its pods hold more than its name",
      atKey: true,
    });
  }
  if (kind === "DaemonSet" && (workload.rollout?.maxSurge ?? 0) > 0) {
    mistakes.push({
      path: [...path, "rollout", "maxSurge"],
      message: "a second pod on a node, expected 0 for a DaemonSet",
    });
  }
  return mistakes;
}

function checkScaling(path: Path, workload: Workload): Mistake[] {
  const { autoscaling, replicas, rollout } = workload;
  const mistakes: Mistake[] = [];
  if (autoscaling !== undefined && replicas !== undefined) {
    mistakes.push({
      path: [...path, "replicas"],
      message: "both replicas and autoscaling given, expected one of them: " +
        "each apply would undo what the autoscaler decided",
      atKey: true,
    });
  }
  if (autoscaling !== undefined && autoscaling.maxReplicas < autoscaling.minReplicas) {
    mistakes.push({
      path: [...path, "autoscaling", "maxReplicas"],
      message:
        `${autoscaling.maxReplicas} is below minReplicas, expected at least ${autoscaling.minReplicas}`,
    });
  }
  if (rollout !== undefined && rollout.maxUnavailable === 0 && (rollout.maxSurge ?? 0) === 0) {
    mistakes.push({
      path: [...path, "rollout"],
      message: "no pod may be missing and none may be added, expected one of both above 0",
    });
  }
  return mistakes;
}

function checkBudget(path: Path, workload: Workload): Mistake[] {
  const { maxUnavailable, minAvailable } = workload.disruptionBudget ?? {};
  const least = podCount(workload)?.least;
  if (least === undefined) return [];
  if (maxUnavailable !== undefined && maxUnavailable >= least && least > 1) {
    return [{
      path: [...path, "disruptionBudget", "maxUnavailable"],
      message: `all ${least} pods may be missing at once, expected less than ${least}`,
    }];
  }
  if (minAvailable !== undefined && minAvailable > least) {
    return [{
      path: [...path, "disruptionBudget", "minAvailable"],
      message: `${minAvailable} pods must stay of ${least}, expected less than ${least}`,
    }];
  }
  return [];
}

/** Each program makes its own account: two with one name would share rights that only one of them asked for. */
function checkServiceAccounts(platform: Platform): Mistake[] {
  const accounts = (["workloads", "cronJobs"] as const).flatMap((section) =>
    Object.entries(platform[section]).map(([name, options]) => ({
      path: [section, name, "serviceAccount"],
      name,
      account: `${options.namespace}/${serviceAccountOf(name, options)}`,
      given: options.serviceAccount !== undefined,
    }))
  );
  return [...Map.groupBy(accounts, ({ account }) => account).values()].flatMap((
    [first, ...others],
  ) =>
    others.map(({ path, given }) => ({
      path: given ? path : path.slice(0, -1),
      message: `service account ${first!.account.split("/")[1]} is also that of ${first!.name}, ` +
        "expected one of its own",
      atKey: !given,
    }))
  );
}
