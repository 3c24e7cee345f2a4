import type {
  CronJobOptions,
  NumberedPort,
  Port,
  RunAs,
  Workload,
  WorkloadService,
} from "./types.ts";

/** Under which identity programs run that ask for none: what distroless images call nonroot. */
export const defaultRunAs: Readonly<RunAs> = { user: 65532, group: 65532 };

/** What keeps the pods of a workload running. */
export function kindOf({ kind }: Pick<Workload, "kind">): NonNullable<Workload["kind"]> {
  return kind ?? "Deployment";
}

/** Service account of the pods of a workload or a cron job. */
export function serviceAccountOf(
  name: string,
  { serviceAccount }: Pick<Workload | CronJobOptions, "serviceAccount">,
): string {
  return serviceAccount ?? name;
}

/** A port and its protocol, TCP where only the number is given. */
export function portOf(port: Port): Required<NumberedPort> {
  return typeof port === "number"
    ? { port, protocol: "TCP" }
    : { port: port.port, protocol: port.protocol ?? "TCP" };
}

/** All ports of a workload's pods by name: those of the program, then those of the containers beside it. */
export function podPorts(
  { ports, sidecars = {} }: Pick<Workload, "ports" | "sidecars">,
): Record<string, Port> {
  return Object.assign({}, ...Object.values(sidecars).map((sidecar) => sidecar.ports), ports);
}

/** The headless Service by which the pods of a StatefulSet have names of their own. */
export function governingService(name: string, { services }: Pick<Workload, "services">): string {
  const declared = Object.entries(services).find(([, { headless }]) => headless === true);
  return declared?.[0] ?? `${name}-headless`;
}

/** The Services of a workload: those it declares, and the headless one without which no StatefulSet can be. */
export function servicesOf(
  name: string,
  options: Pick<Workload, "kind" | "ports" | "services">,
): [string, WorkloadService][] {
  const declared = Object.entries(options.services);
  const governing = governingService(name, options);
  if (kindOf(options) !== "StatefulSet" || governing in options.services) return declared;
  return [...declared, [governing, {
    headless: true,
    // Pods that found a cluster look for each other before any of them is ready.
    publishNotReady: true,
    ports: Object.fromEntries(
      Object.entries(options.ports).map(([port, number]) => [port, portOf(number).port]),
    ),
  }]];
}

/**
 * The Service through which Prometheus finds the pods of a workload with metrics, the first that has the
 * port; undefined where none has it, and pods must be found by themselves. Only this one carries the
 * workload's labels, so that no pod is read twice.
 */
export function metricsService(
  { metrics, services }: Pick<Workload, "metrics" | "services">,
): string | undefined {
  if (metrics === undefined) return undefined;
  return Object.entries(services).find(([, { ports }]) => metrics.port in ports)?.[0];
}

/** Least and most pods of a workload; one for each node of a DaemonSet, so that neither is known. */
export function podCount(
  { kind, autoscaling, replicas }: Pick<Workload, "kind" | "autoscaling" | "replicas">,
): { least: number; most: number } | undefined {
  if (kind === "DaemonSet") return undefined;
  const fixed = replicas ?? 1;
  return {
    least: autoscaling?.minReplicas ?? fixed,
    most: autoscaling?.maxReplicas ?? fixed,
  };
}
