import { workloadsOf } from "../apps/parts.ts";
import { endsOf } from "../ends.ts";
import { flowPairs } from "../flow_pairs.ts";
import type { Mistake, Path } from "../mistake.ts";
import { monitoringParts } from "../monitoring.ts";
import type { Platform } from "../types.ts";
import { clusterVaults } from "../vaults.ts";

/** Ports of the API server: of its Service, and of k3s and kubeadm behind it. */
const apiPorts = [443, 6443];

/** Who may ask the API server, but lives where nothing is allowed, needs a flow to its addresses. */
export function checkApiFlows(platform: Platform): Mistake[] {
  const ends = new Map(endsOf(platform));
  const reaching = new Set(
    flowPairs(platform)
      .filter(({ to, ports }) =>
        ends.get(to)!.cidrs !== undefined &&
        ports.some(({ port, protocol }) => protocol === "TCP" && apiPorts.includes(port))
      )
      .map(({ from }) => from),
  );
  return askers(platform)
    .filter(({ name }) => {
      const end = ends.get(name);
      return platform.namespaces[end?.namespace ?? ""]?.defaultDeny === true &&
        end?.hostNetwork !== true && !reaching.has(name);
    })
    .map(({ name, path }) => ({
      path,
      message: `namespace ${ends.get(name)!.namespace} denies what no flow allows, ` +
        `expected a flow from ${name} to a peer with the API server's cidrs, on port 443 or 6443`,
      atKey: true,
    }));
}

/** Parts of the monitoring that ask the API server what there is. */
const asksApi = new Set(["prometheus", "kube-state-metrics", "log-collector"]);

function askers(platform: Platform): { name: string; path: Path }[] {
  const { workloads, cronJobs, postgres } = platform;
  const declared = new Map(endsOf(platform).map(([name, { path }]) => [name, path]));
  return [
    ...Object.entries({ ...workloadsOf(platform), ...cronJobs })
      .filter(([, { apiAccess }]) => apiAccess !== undefined)
      .map(([name]) => ({
        name,
        path: name in workloads || name in cronJobs
          ? [...declared.get(name)!, "apiAccess"]
          : declared.get(name)!,
      })),
    ...monitoringParts(platform.monitoring)
      .filter(({ name }) => asksApi.has(name))
      .map(({ name }) => ({ name, path: declared.get(name)! })),
    // Vault has the tokens of those who log in reviewed.
    ...clusterVaults(platform).map(([name]) => ({ name, path: ["vaults", name] })),
    // Patroni and CloudNativePG elect the primary there.
    ...Object.entries(postgres).filter(([, { kind }]) => kind !== "statefulset")
      .map(([name]) => ({ name, path: ["postgres", name] })),
  ];
}
