import type { Manifest } from "../../../lib/core/object.ts";
import { mailLabels } from "../../../lib/platform/apps/mailu.ts";
import { appsOf } from "../../../lib/platform/apps/parts.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { define, each } from "../manifest.ts";
import type { NetworkPolicy } from "../types.ts";
import { configMap } from "../workload/config_map.ts";
import { workload } from "../workload/workload.ts";

/** Objects of ready-made programs. */
export function appObjects(platform: Platform): Manifest[] {
  return [
    ...appsOf(platform).flatMap(({ configMaps, workloads }) => [
      ...each(configMaps, configMap),
      ...each(workloads, workload),
    ]),
    ...each(
      platform.mail,
      (name, { namespace }) =>
        platform.namespaces[namespace]?.defaultDeny === true ? [amongParts(name, namespace)] : [],
    ),
  ];
}

/** Seven parts that all call each other are one program to the rest of the platform. */
function amongParts(name: string, namespace: string): Manifest {
  const podSelector = { matchLabels: mailLabels(name) };
  return define<NetworkPolicy>({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${name}-among-parts`, namespace },
    spec: {
      podSelector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector }] }],
      egress: [{ to: [{ podSelector }] }],
    },
  });
}
