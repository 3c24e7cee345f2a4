import { refOf } from "../../core/object.ts";
import { workloadsOf } from "../../platform/apps/parts.ts";
import { monitoringParts } from "../../platform/monitoring.ts";
import type { Platform } from "../../platform/types.ts";
import type { Rule } from "../finding.ts";
import { allContainers, type Container, type PodSource } from "../pods.ts";

/** What a program does not need is what an intruder uses. Exceptions with a reason in the platform file are meant. */
export const weakContainer: Rule = {
  name: "weak-container",
  summary: "A container is not root, writes only to volumes, and keeps no rights of the node",
  severity: "warning",
  check: ({ sources, platform }) =>
    sources.flatMap((source) =>
      isReasoned(source, platform) ? [] : [
        ...ofPod(source),
        ...allContainers(source.spec).flatMap((each) => ofContainer(each, source)),
      ]
        .map((because) => ({
          object: refOf(source.owner),
          because,
          remedy: "take it away, or say in the platform file why it must be",
        }))
    ),
};

function ofPod({ spec }: PodSource): string[] {
  return [
    ...(spec.hostNetwork === true ? ["its pods use the network of the node"] : []),
    ...(spec.hostPID === true ? ["its pods see the processes of the node"] : []),
    ...(spec.hostIPC === true ? ["its pods share memory with the node"] : []),
    ...(spec.volumes ?? []).flatMap(({ name, hostPath }) => {
      const writes = allContainers(spec).some(({ volumeMounts = [] }) =>
        volumeMounts.some((mount) => mount.name === name && mount.readOnly !== true)
      );
      const socket = /(docker|containerd|crio)\.sock$/.test(hostPath?.path ?? "");
      return hostPath !== undefined && (writes || socket)
        ? [
          `its pods ${
            socket ? "command the node's containers" : "write to the node"
          } at ${hostPath.path}`,
        ]
        : [];
    }),
  ];
}

function ofContainer(
  { name, securityContext = {} }: Container,
  { spec: { securityContext: pod = {} } }: PodSource,
): string[] {
  const { privileged, allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities = {} } =
    securityContext;
  const nonRoot = securityContext.runAsNonRoot ?? pod.runAsNonRoot ?? false;
  const user = securityContext.runAsUser ?? pod.runAsUser;
  const seccomp = securityContext.seccompProfile ?? pod.seccompProfile;
  const dropsAll = (capabilities.drop ?? []).some((each) => each.toUpperCase() === "ALL");
  const faults = [
    ...(privileged === true ? ["is privileged"] : []),
    ...(user === 0 || (!nonRoot && user === undefined) ? ["may be root"] : []),
    ...(allowPrivilegeEscalation === false || privileged === true ? [] : ["may gain rights"]),
    ...(readOnlyRootFilesystem === true ? [] : ["can write to its image"]),
    ...(dropsAll ? [] : ["keeps capabilities"]),
    ...(seccomp?.type === "RuntimeDefault" || seccomp?.type === "Localhost"
      ? []
      : ["may make any system call"]),
  ];
  return faults.length === 0 ? [] : [`container ${name} ${faults.join(", ")}`];
}

/** Whether the platform file has a reason beside what makes these pods. */
function isReasoned({ owner }: PodSource, platform: Platform): boolean {
  const { name, namespace } = owner.metadata;
  // What sees nodes among the parts of the monitoring is declared for just that.
  if (
    monitoringParts(platform.monitoring).some((part) =>
      part.name === name && part.namespace === namespace
    )
  ) return true;
  return [workloadsOf(platform)[name], platform.cronJobs[name]].some((options) =>
    options !== undefined && options.namespace === namespace &&
    JSON.stringify(options).includes('"because":')
  );
}
