import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { type End, endsOf } from "../ends.ts";
import { refer } from "./reference.ts";

/** Flows go between ends that are declared once, and let in what routes send. */
export function checkFlows(platform: Platform): Mistake[] {
  const { externalServices, peers, flows } = platform;
  const ends = endsOf(platform);
  const receivers = ends.filter(([, { what }]) => what !== "backup job");
  const senders = ends.filter(([, { what }]) => what !== "external service");
  return [
    ...checkUnique(ends),
    ...Object.entries(externalServices).flatMap(([name, { peer, dnsName }]) => {
      const path = ["externalServices", name];
      if (peer !== undefined) return refer([...path, "peer"], peer, Object.keys(peers), "peer");
      return dnsName !== undefined && flows.some(({ to }) => to === name)
        ? [{
          path: [...path, "peer"],
          message:
            "missing, expected because a flow leads here: a network policy cannot name a DNS name",
        }]
        : [];
    }),
    ...flows.flatMap(({ from, to }, index) => [
      ...refer(["flows", index, "from"], from, names(senders), kinds(senders)),
      ...refer(["flows", index, "to"], to, names(receivers), kinds(receivers)),
    ]),
    ...checkRoutesArrive(platform),
  ];
}

function names(ends: readonly (readonly [string, End])[]): string[] {
  return ends.map(([name]) => name);
}

/** The kinds of ends that there are, as a message lists them. */
function kinds(ends: readonly (readonly [string, End])[]): string {
  const all = [...new Set(ends.map(([, { what }]) => what))].filter((what) => what !== "peer");
  return all.length === 0 ? "peer" : `${all.join(", ")} or peer`;
}

/** A flow names its ends alone, so no two things that can be one may share a name. */
function checkUnique(ends: readonly (readonly [string, End])[]): Mistake[] {
  return ends
    .filter(([name], index) => ends.findIndex(([other]) => other === name) < index)
    .map(([, { path }]) => ({
      path,
      message:
        "another end of flows has this name, expected a name of its own: flows could mean both",
      atKey: true,
    }));
}

/** A route whose requests a network policy would drop is a mistake that shows only as a time-out. */
function checkRoutesArrive(platform: Platform): Mistake[] {
  const { ingress, namespaces, flows } = platform;
  if (ingress === undefined) return [];
  return Object.entries(platform.routes).flatMap(([name, route]) => {
    if (namespaces[route.namespace]?.defaultDeny !== true) return [];
    const target = targetOf(platform, route.namespace, route.service);
    if (
      target === undefined ||
      flows.some(({ from, to }) => from === ingress.peer && to === target)
    ) return [];
    return [{
      path: ["routes", name, "service"],
      message:
        `namespace ${route.namespace} denies what no flow allows, expected a flow from ${ingress.peer} to ${target}`,
    }];
  });
}

function targetOf(platform: Platform, namespace: string, service: string): string | undefined {
  const workload = Object.entries(platform.workloads).find(([, candidate]) =>
    candidate.namespace === namespace && service in candidate.services
  );
  if (workload !== undefined) return workload[0];
  return platform.vaults[service]?.namespace === namespace ? service : undefined;
}
