import type { Path } from "./mistake.ts";
import type { ContainerOptions, PodOptions, Port, Probes, RunAs, ServingOptions } from "./types.ts";

/** A container of a pod, and where the platform says so. */
export interface PodContainer {
  /** Its name in the pod. */
  name: string;
  /** What it is to the pod. */
  role: "main" | "sidecar" | "init";
  /** Where it is declared. */
  path: Path;
  /** What it says. */
  options: ContainerOptions & {
    /** Its ports. */
    ports?: Record<string, Port>;
    /** Its probes. */
    probes?: Probes;
    /** Its own identity. */
    runAs?: RunAs;
  };
}

/** All containers that a pod declares: the main one, those beside it, and those before it. */
export function podContainers(
  path: Path,
  name: string,
  pod: PodOptions & Partial<ServingOptions>,
): PodContainer[] {
  return [
    { name: pod.container ?? name, role: "main", path, options: pod },
    ...Object.entries(pod.sidecars ?? {}).map(([sidecar, options]): PodContainer => ({
      name: sidecar,
      role: "sidecar",
      path: [...path, "sidecars", sidecar],
      options,
    })),
    ...Object.entries(pod.initContainers ?? {}).map(([init, options]): PodContainer => ({
      name: init,
      role: "init",
      path: [...path, "initContainers", init],
      options,
    })),
  ];
}
