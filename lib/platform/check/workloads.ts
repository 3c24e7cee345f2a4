import { parseQuantity } from "../../core/units.ts";
import { declaredSecrets, declaredServices } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform, Resources, Workload } from "../types.ts";
import { refer, within } from "./reference.ts";

/** What workloads refer to must be declared, and their figures must agree with each other. */
export function checkWorkloads(platform: Platform): Mistake[] {
  return Object.entries(platform.workloads).flatMap(([name, workload]) => {
    const path = ["workloads", name];
    return [
      ...checkScaling(path, workload),
      ...checkResources([...path, "resources"], workload.resources),
      ...checkPorts(path, workload),
      ...checkSecrets(path, workload, platform),
      ...checkWait(path, workload, platform),
    ];
  });
}

/** A limit below its request is refused by the API server, too late for a good message. */
export function checkResources(path: Path, { requests, limits }: Resources): Mistake[] {
  return (["cpu", "memory"] as const)
    .filter((name) => parseQuantity(limits[name]) < parseQuantity(requests[name]))
    .map((name) => ({
      path: [...path, "limits", name],
      message: `${limits[name]} is below the request, expected at least ${requests[name]}`,
    }));
}

function checkScaling(path: Path, workload: Workload): Mistake[] {
  const { autoscaling, replicas, rollout, disruptionBudget } = workload;
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
  if (rollout !== undefined && !rollout.maxSurge && rollout.maxUnavailable === 0) {
    mistakes.push({
      path: [...path, "rollout"],
      message: "no pod may be missing and none may be added, expected one of both above 0",
    });
  }
  const least = autoscaling?.minReplicas ?? replicas ?? 1;
  if ((disruptionBudget?.maxUnavailable ?? 0) >= least && least > 1) {
    mistakes.push({
      path: [...path, "disruptionBudget", "maxUnavailable"],
      message: `all ${least} pods may be missing at once, expected less than ${least}`,
    });
  }
  return mistakes;
}

function checkPorts(path: Path, { ports, services, probes }: Workload): Mistake[] {
  const known = Object.keys(ports);
  return [
    ...(known.length === 0
      ? [{ path: [...path, "ports"], message: "no port, expected at least one, which probes ask" }]
      : []),
    ...Object.entries(services).flatMap(([service, { ports: servicePorts }]) =>
      Object.keys(servicePorts).flatMap((port) =>
        refer([...path, "services", service, "ports", port], port, known, "port of the container")
          .map((mistake) => ({ ...mistake, atKey: true }))
      )
    ),
    ...(["liveness", "readiness", "startup"] as const).flatMap((kind) => {
      const port = probes?.[kind]?.port;
      return port === undefined
        ? []
        : refer([...path, "probes", kind, "port"], port, known, "port of the container");
    }),
  ];
}

function checkSecrets(path: Path, workload: Workload, platform: Platform): Mistake[] {
  const secrets = within(
    Object.fromEntries(
      declaredSecrets(platform).map((secret) => [
        `${secret.namespace}/${secret.name}`,
        secret,
      ]),
    ),
    workload.namespace,
  ).map(([, secret]) => secret);
  const names = secrets.map((secret) => secret.name);
  const what = `secret in namespace ${workload.namespace}`;
  const refersTo = (at: Path, secret: string) => refer(at, secret, names, what);
  const refersToKey = (at: Path, secret: string, key: string, atKey = false) =>
    refer(
      at,
      key,
      secrets.find(({ name }) => name === secret)?.keys ?? [key],
      `key of secret ${secret}`,
    ).map((mistake) => ({ ...mistake, atKey }));

  return [
    ...(workload.imagePullSecrets ?? []).flatMap((secret, index) =>
      refer(
        [...path, "imagePullSecrets", index],
        secret,
        secrets.filter(({ type }) => type === "kubernetes.io/dockerconfigjson")
          .map(({ name }) => name),
        `pull secret in namespace ${workload.namespace}`,
      )
    ),
    ...(workload.envFromSecrets ?? []).flatMap((secret, index) =>
      refersTo([...path, "envFromSecrets", index], secret)
    ),
    ...Object.entries(workload.env ?? {}).flatMap(([variable, value]) => {
      if (typeof value === "string" || !("secret" in value)) return [];
      const at = [...path, "env", variable];
      return [
        ...refersTo([...at, "secret"], value.secret),
        ...refersToKey([...at, "key"], value.secret, value.key),
      ];
    }),
    ...Object.entries(workload.mounts ?? {}).flatMap(([file, { secret, items }]) => {
      const at = [...path, "mounts", file];
      if (secret === undefined) {
        return items === undefined ? [] : [{
          path: [...at, "items"],
          message: "items without a secret, expected only beside secret",
          atKey: true,
        }];
      }
      return [
        ...refersTo([...at, "secret"], secret),
        ...Object.keys(items ?? {}).flatMap((key) =>
          refersToKey([...at, "items", key], secret, key, true)
        ),
      ];
    }),
  ];
}

function checkWait(path: Path, workload: Workload, platform: Platform): Mistake[] {
  const services = declaredServices(platform).filter(({ namespace }) =>
    namespace === workload.namespace
  );
  return Object.entries(workload.waitFor?.services ?? {}).flatMap(([name, port]) =>
    checkService([...path, "waitFor", "services", name], name, port, services, true)
  );
}

/** A service must be declared, and have the port. `path` leads to the port; with `atKey`, its key is the service's name. */
export function checkService(
  path: Path,
  name: string,
  port: number,
  services: readonly { name: string; ports: readonly number[] }[],
  atKey = false,
): Mistake[] {
  const service = services.find((declared) => declared.name === name);
  if (service === undefined) {
    return refer(path, name, services.map((declared) => declared.name), "service here").map((
      mistake,
    ) => ({ ...mistake, atKey }));
  }
  return service.ports.includes(port) ? [] : [{
    path,
    message: `service ${name} has no port ${port}, expected ${service.ports.join(" or ")}`,
  }];
}
