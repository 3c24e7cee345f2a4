import { declaredServices } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import { type PodContainer, podContainers } from "../pod_containers.ts";
import type { Platform, PodOptions, Probe, ServingOptions } from "../types.ts";
import { portOf } from "../workloads.ts";
import { checkPodReferences } from "./pod_references.ts";
import { checkPodSecurity } from "./pod_security.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";
import { checkService } from "./services.ts";

/** What every pod can get wrong, whatever starts it. */
export function checkPod(
  path: Path,
  name: string,
  pod: PodOptions & Partial<ServingOptions>,
  platform: Platform,
): Mistake[] {
  const containers = podContainers(path, name, pod);
  const services = declaredServices(platform).filter(({ namespace }) =>
    namespace === pod.namespace
  );
  return [
    ...checkNames(containers),
    ...checkPorts(containers),
    ...containers.flatMap((container) => [
      ...checkResources([...container.path, "resources"], container.options.resources),
      ...checkProbes(container),
    ]),
    ...checkPodReferences(path, containers, pod, platform),
    ...checkPodSecurity(path, containers, pod, platform),
    ...Object.entries(pod.waitFor?.services ?? {}).flatMap(([service, port]) =>
      checkService([...path, "waitFor", "services", service], service, port, services, true)
    ),
  ];
}

function checkNames(containers: readonly PodContainer[]): Mistake[] {
  const [, ...others] = containers;
  return others.filter(({ name }) => containers.filter((one) => one.name === name).length > 1)
    .map(({ name, path }) => ({
      path,
      message: `another container of the pod is called ${name}, expected a name of its own`,
      atKey: true,
    }));
}

/** Containers of a pod share one network, in which a port is taken once; and Services find ports by name. */
function checkPorts(containers: readonly PodContainer[]): Mistake[] {
  const taken = new Map<string, string>();
  return containers.filter(({ role }) => role !== "init").flatMap(({ path, name, options }) =>
    Object.entries(options.ports ?? {}).flatMap(([portName, spec]) => {
      const { port, protocol } = portOf(spec);
      return [`port ${port} of ${protocol}`, `port name ${portName}`].flatMap((claim) => {
        const other = taken.get(claim);
        taken.set(claim, name);
        return other === undefined ? [] : [{
          path: [...path, "ports", portName],
          message: `${claim} is also that of ${
            other === name ? "another port" : `container ${other}`
          }, expected one of its own`,
        }];
      });
    })
  );
}

function checkProbes({ path, role, options }: PodContainer): Mistake[] {
  const { probes, ports = {} } = options;
  if (probes === undefined) return [];
  if (role === "init") {
    return [{
      path: [...path, "probes"],
      message: "an init container ends before it could be asked, expected no probes",
      atKey: true,
    }];
  }
  return Object.entries(probes).flatMap(([kind, probe]) =>
    probe === undefined
      ? []
      : checkProbe([...path, "probes", kind], probe as Probe, Object.keys(ports))
  );
}

function checkProbe(path: Path, probe: Probe, ports: readonly string[]): Mistake[] {
  const mistakes: Mistake[] = [];
  if (probe.exec !== undefined) {
    if (probe.port !== undefined) {
      mistakes.push({
        path: [...path, "port"],
        message: "exec asks no port, expected none",
        atKey: true,
      });
    }
  } else if (ports.length === 0) {
    mistakes.push({ path, message: "the container has no port, expected one that can be asked" });
  } else if (probe.port !== undefined) {
    mistakes.push(...refer([...path, "port"], probe.port, ports, "port of the container"));
  }
  if (probe.scheme !== undefined && probe.path === undefined) {
    mistakes.push({
      path: [...path, "scheme"],
      message: "a scheme without a path, expected only beside path",
      atKey: true,
    });
  }
  return mistakes;
}
