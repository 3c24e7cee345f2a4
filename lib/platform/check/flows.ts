import type { Mistake } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer } from "./reference.ts";

/** Flows go between ends that are declared once, and let in what routes send. */
export function checkFlows(platform: Platform): Mistake[] {
  const { workloads, vaults, externalServices, peers, flows } = platform;
  const senders = [workloads, vaults, peers].flatMap(Object.keys);
  const receivers = [...senders, ...Object.keys(externalServices)];
  const jobs = Object.keys(platform.backups?.jobs ?? {});
  return [
    ...checkUnique(platform),
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
      ...refer(
        ["flows", index, "from"],
        from,
        [...senders, ...jobs],
        "workload, vault, backup job or peer",
      ),
      ...refer(["flows", index, "to"], to, receivers, "workload, vault, external service or peer"),
    ]),
    ...checkRoutesArrive(platform),
  ];
}

/** A flow names its ends alone, so no two things that can be one may share a name. */
function checkUnique(platform: Platform): Mistake[] {
  const seen = new Set<string>();
  const ends: (readonly [string[], object])[] = [
    [["workloads"], platform.workloads],
    [["vaults"], platform.vaults],
    [["externalServices"], platform.externalServices],
    [["backups", "jobs"], platform.backups?.jobs ?? {}],
    [["peers"], platform.peers],
  ];
  return ends.flatMap(([path, section]) =>
    Object.keys(section).flatMap((name) => {
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [{
        path: [...path, name],
        message:
          "another end of flows has this name, expected a name of its own: flows could mean both",
        atKey: true,
      }];
    })
  );
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
