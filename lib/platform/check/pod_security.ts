import type { Mistake, Path } from "../mistake.ts";
import type { PodContainer } from "../pod_containers.ts";
import type { Platform, PodOptions } from "../types.ts";

type Level = "restricted" | "baseline" | "privileged";

const order: readonly Level[] = ["restricted", "baseline", "privileged"];

/** Capabilities that may be added at each level. Source: Kubernetes, "Pod Security Standards". */
const restrictedCapabilities = ["NET_BIND_SERVICE"];
const baselineCapabilities = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** A pod that asks for more than its namespace's Pod Security level allows would never be made. */
export function checkPodSecurity(
  path: Path,
  containers: readonly PodContainer[],
  pod: PodOptions,
  platform: Platform,
): Mistake[] {
  const enforced = platform.namespaces[pod.namespace]?.podSecurity;
  if (enforced === undefined) return [];
  const asked: [Path, string, Level][] = [
    ...(pod.hostNetwork === undefined
      ? []
      : [[[...path, "hostNetwork"], "the network of the node", "privileged"] as const]),
    ...(pod.hostPid === undefined
      ? []
      : [[[...path, "hostPid"], "the processes of the node", "privileged"] as const]),
    ...containers.flatMap(askedBy),
  ].map(([at, what, level]) => [at, what, level]);
  return asked
    .filter(([, , level]) => order.indexOf(level) > order.indexOf(enforced))
    .map(([at, what, level]) => ({
      path: at,
      message: `namespace ${pod.namespace} enforces ${enforced}, which refuses ${what}, ` +
        `expected podSecurity: ${level} there, or to do without`,
      atKey: true,
    }));
}

function askedBy({ path, options }: PodContainer): [Path, string, Level][] {
  const asked: [Path, string, Level][] = [];
  if (options.privileged !== undefined) {
    asked.push([[...path, "privileged"], "privileged containers", "privileged"]);
  }
  if (options.runAs?.user === 0) {
    asked.push([[...path, "runAs"], "the root user", "baseline"]);
  }
  for (const capability of options.capabilities?.add ?? []) {
    if (restrictedCapabilities.includes(capability)) continue;
    asked.push([
      [...path, "capabilities"],
      `the capability ${capability}`,
      baselineCapabilities.includes(capability) ? "baseline" : "privileged",
    ]);
  }
  for (const [file, { hostPath }] of Object.entries(options.mounts ?? {})) {
    if (hostPath === undefined) continue;
    asked.push([[...path, "mounts", file, "hostPath"], "paths of the node", "privileged"]);
  }
  return asked;
}
