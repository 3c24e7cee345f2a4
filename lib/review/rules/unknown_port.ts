import { type Manifest, refOf } from "../../core/object.ts";
import type { Complaint, Rule } from "../finding.ts";
import { allContainers, type Container } from "../pods.ts";
import type { LabelSelector } from "../selector.ts";
import type { KnownPods } from "../known_pods.ts";
import type { View } from "../view.ts";

const remedy = "name a port that is there";

/** A name that no container has leads nowhere, and nobody is told: endpoints, probes and metrics stay empty. */
export const unknownPort: Rule = {
  name: "unknown-port",
  summary: "Ports that Services, probes, policies and monitors name are there",
  severity: "error",
  check: (view) => [
    ...view.ofKind("Service").flatMap((service) => ofService(service, view)),
    ...view.sources.flatMap(({ owner, spec }) =>
      allContainers(spec).flatMap((container) => ofProbes(owner, container))
    ),
    ...view.ofKind("NetworkPolicy").flatMap((policy) => ofPolicy(policy, view)),
    ...view.ofKind("PodMonitor").flatMap((monitor) => ofPodMonitor(monitor, view)),
  ],
};

function ofService(service: Manifest, { selected }: View): Complaint[] {
  const { selector, ports = [] } = service["spec"] as {
    selector?: Record<string, string>;
    ports?: { name?: string; port: number; targetPort?: number | string }[];
  };
  if (selector === undefined) return [];
  const pods = selected(service.metadata.namespace ?? "default", { matchLabels: selector });
  return ports.flatMap(({ port, targetPort = port }) =>
    lacking(targetPort, pods).map((known) => ({
      object: refOf(service),
      because: `its port ${port} leads to the port ${targetPort}, and its pods have ${known}`,
      remedy,
    }))
  );
}

function ofProbes(owner: Manifest, container: Container): Complaint[] {
  const { name, ports = [], livenessProbe, readinessProbe, startupProbe } = container;
  const names = ports.flatMap((port) => port.name ?? []);
  return Object.entries({
    liveness: livenessProbe,
    readiness: readinessProbe,
    startup: startupProbe,
  }).flatMap(([kind, probe]) => {
    const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
    return typeof port !== "string" || names.includes(port) ? [] : [{
      object: refOf(owner),
      because: `the ${kind} probe of container ${name} asks the port ${port}, and it has ${
        listed(names)
      }`,
      remedy,
    }];
  });
}

function ofPolicy(policy: Manifest, { selected }: View): Complaint[] {
  const { podSelector, ingress = [] } = policy["spec"] as {
    podSelector: LabelSelector;
    ingress?: { ports?: { port?: number | string }[] }[];
  };
  const pods = selected(policy.metadata.namespace ?? "default", podSelector);
  return ingress.flatMap(({ ports = [] }) =>
    ports.flatMap(({ port }) =>
      typeof port !== "string" ? [] : lacking(port, pods).map((known) => ({
        object: refOf(policy),
        because: `it opens the port ${port}, and its pods have ${known}`,
        remedy,
      }))
    )
  );
}

function ofPodMonitor(monitor: Manifest, { selected, isOpaque }: View): Complaint[] {
  const { selector, namespaceSelector, podMetricsEndpoints = [] } = monitor["spec"] as {
    selector: LabelSelector;
    namespaceSelector?: { any?: boolean; matchNames?: string[] };
    podMetricsEndpoints?: { port?: string }[];
  };
  const namespaces = namespaceSelector?.matchNames ?? [monitor.metadata.namespace ?? "default"];
  if (namespaceSelector?.any === true || namespaces.some(isOpaque)) return [];
  const pods = namespaces.flatMap((namespace) => selected(namespace, selector));
  return podMetricsEndpoints.flatMap(({ port }) =>
    port === undefined ? [] : lacking(port, pods).map((known) => ({
      object: refOf(monitor),
      because: `it asks the port ${port}, and its pods have ${known}`,
      remedy,
    }))
  );
}

/** What pods have in place of a port; nothing when one of them has it, or nobody knows. */
function lacking(port: number | string, pods: readonly KnownPods[]): string[] {
  if (pods.length === 0 || pods.some(({ ports }) => ports === undefined)) return [];
  const ports = pods.flatMap((each) => each.ports ?? []);
  // Containers need not declare the ports that they listen on; where they declare some, we take them at their word.
  if (typeof port === "number" && ports.length === 0) return [];
  const has = ports.some(({ name, containerPort }) =>
    typeof port === "number" ? containerPort === port : name === port
  );
  if (has) return [];
  return [
    listed(
      ports.map(({ name, containerPort }) =>
        typeof port === "number" ? String(containerPort) : name ?? String(containerPort)
      ),
    ),
  ];
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : [...new Set(names)].join(", ");
}
