import type { Mistake, Path } from "../mistake.ts";
import type { Workload, WorkloadService } from "../types.ts";
import { podPorts } from "../workloads.ts";
import { refer } from "./reference.ts";

/** Services and metrics lead to ports that the containers have. */
export function checkWorkloadServices(path: Path, workload: Workload): Mistake[] {
  const known = Object.keys(podPorts(workload));
  const { metrics, services } = workload;
  return [
    ...Object.entries(services).flatMap(([name, service]) =>
      checkService([...path, "services", name], service, known)
    ),
    ...(metrics === undefined
      ? []
      : refer([...path, "metrics", "port"], metrics.port, known, "port of the containers")),
  ];
}

function checkService(path: Path, service: WorkloadService, known: string[]): Mistake[] {
  const { ports, headless, type = "ClusterIP", externalTrafficPolicy } = service;
  const mistakes: Mistake[] = Object.keys(ports).flatMap((port) =>
    refer([...path, "ports", port], port, known, "port of the containers")
      .map((mistake) => ({ ...mistake, atKey: true }))
  );
  if (Object.keys(ports).length === 0 && headless !== true) {
    mistakes.push({ path: [...path, "ports"], message: "no port, expected at least one" });
  }
  if (headless === true && type !== "ClusterIP") {
    mistakes.push({
      path: [...path, "headless"],
      message: `headless, and of type ${type}, which has an address; expected one of both`,
      atKey: true,
    });
  }
  if (externalTrafficPolicy !== undefined && type === "ClusterIP") {
    mistakes.push({
      path: [...path, "externalTrafficPolicy"],
      message: "nobody outside reaches a ClusterIP, expected type LoadBalancer or NodePort",
      atKey: true,
    });
  }
  return mistakes;
}
