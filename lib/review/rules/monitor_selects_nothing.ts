import { type Manifest, refOf } from "../../core/object.ts";
import type { Complaint, Rule } from "../finding.ts";
import { type LabelSelector, selectorText, selects } from "../selector.ts";
import type { View } from "../view.ts";

/** Metrics that nobody reads are missed only when they are needed. */
export const monitorSelectsNothing: Rule = {
  name: "monitor-selects-nothing",
  summary: "A ServiceMonitor or PodMonitor finds something to read, and the port it names",
  severity: "error",
  check: (view) => [
    ...view.ofKind("ServiceMonitor").flatMap((monitor) => ofServices(monitor, view)),
    ...view.ofKind("PodMonitor").flatMap((monitor) => ofPods(monitor, view)),
  ],
};

interface MonitorSpec {
  selector: LabelSelector;
  namespaceSelector?: { any?: boolean; matchNames?: string[] };
  endpoints?: { port?: string }[];
}

function ofServices(monitor: Manifest, view: View): Complaint[] {
  const { selector, endpoints = [] } = monitor["spec"] as MonitorSpec;
  const namespaces = namespacesOf(monitor);
  if (namespaces === undefined || namespaces.some(view.isOpaque)) return [];
  const services = view.ofKind("Service").filter(({ metadata }) =>
    namespaces.includes(metadata.namespace ?? "default") && selects(selector, metadata.labels ?? {})
  );
  if (services.length === 0) return [nothing(monitor, "Service", selector, namespaces)];
  const ports = services.flatMap((service) =>
    ((service["spec"] as { ports?: { name?: string }[] }).ports ?? []).map(({ name }) => name)
  );
  return endpoints.flatMap(({ port }) =>
    port === undefined || ports.includes(port) ? [] : [{
      object: refOf(monitor),
      because: `it reads the port ${port}, and its Services have ${
        [...new Set(ports)].join(", ") || "none"
      }`,
      remedy: "name a port that is there",
    }]
  );
}

function ofPods(monitor: Manifest, view: View): Complaint[] {
  const { selector } = monitor["spec"] as MonitorSpec;
  const namespaces = namespacesOf(monitor);
  if (namespaces === undefined || namespaces.some(view.isOpaque)) return [];
  const found = namespaces.some((namespace) => view.selected(namespace, selector).length > 0);
  return found ? [] : [nothing(monitor, "pod", selector, namespaces)];
}

/** Namespaces that a monitor looks into; undefined for all. */
function namespacesOf(monitor: Manifest): string[] | undefined {
  const { namespaceSelector } = monitor["spec"] as MonitorSpec;
  if (namespaceSelector?.any === true) return undefined;
  return namespaceSelector?.matchNames ?? [monitor.metadata.namespace ?? "default"];
}

function nothing(
  monitor: Manifest,
  what: string,
  selector: LabelSelector,
  namespaces: readonly string[],
): Complaint {
  return {
    object: refOf(monitor),
    because: `no ${what} in ${namespaces.join(", ")} has the labels ${selectorText(selector)}`,
    remedy: "correct the labels or the namespaces, or take the monitor away",
  };
}
