import { workloadLabels } from "../../../lib/platform/ends.ts";
import type {
  PodOptions,
  Resources,
  RunAs,
  ServingOptions,
  Spread,
  TopologySpread,
  WaitFor,
} from "../../../lib/platform/types.ts";
import { defaultRunAs, serviceAccountOf } from "../../../lib/platform/workloads.ts";
import type { Container, PodSpec } from "../types.ts";
import { container, containerSecurityContext, resourcesOf, sideContainers } from "./container.ts";
import { vaultAgentAnnotations, vaultToken } from "./vault_agent.ts";
import { volumeSet, volumesOf } from "./volumes.ts";

export { containerSecurityContext, resourcesOf } from "./container.ts";
export { mounts } from "./volumes.ts";

/** Labels that Kubernetes puts nodes' names and zones under. Source: Kubernetes, "Well-Known Labels". */
const topologyKeys = { hostname: "kubernetes.io/hostname", zone: "topology.kubernetes.io/zone" };

/** The pods of a program: labels, annotations and all that runs in them. @ignore */
export function podTemplate(
  name: string,
  options: PodOptions & Partial<ServingOptions> & { spread?: Spread },
  more: Partial<PodSpec> = {},
): {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
} {
  const labels = workloadLabels(name, options);
  const { vaultAgent, podAnnotations, runAs = defaultRunAs } = options;
  return {
    metadata: {
      labels: { ...labels },
      annotations: vaultAgent === undefined
        ? podAnnotations
        : { ...podAnnotations, ...vaultAgentAnnotations(vaultAgent, runAs) },
    },
    spec: podSpec(name, options, labels, more),
  };
}

function podSpec(
  name: string,
  options: PodOptions & Partial<ServingOptions> & { spread?: Spread },
  matchLabels: Record<string, string>,
  more: Partial<PodSpec>,
): PodSpec {
  const { runAs = defaultRunAs, spread, vaultAgent, waitFor } = options;
  const set = volumeSet();
  const main = container(options.container ?? name, options, set);
  const sidecars = sideContainers(options.sidecars ?? {}, runAs, set);
  const before = [
    ...Object.entries(waitFor?.services ?? {}).map(([service, port]) =>
      waitContainer(service, port, waitFor!, options.namespace)
    ),
    ...sideContainers(options.initContainers ?? {}, runAs, set),
  ];
  const token = vaultAgent && vaultToken(vaultAgent);
  const volumes = [...volumesOf(set), ...(token === undefined ? [] : [token.volume])];
  return {
    serviceAccountName: serviceAccountOf(name, options),
    automountServiceAccountToken: options.apiAccess !== undefined,
    // A Service named postgres would otherwise set POSTGRES_PORT and the like, which programs take for settings.
    enableServiceLinks: false,
    imagePullSecrets: options.imagePullSecrets?.map((secret) => ({ name: secret })),
    securityContext: podSecurityContext(runAs),
    affinity: spread?.antiAffinity && antiAffinity(spread.antiAffinity, matchLabels),
    topologySpreadConstraints: spread?.topology && [topologySpread(spread.topology, matchLabels)],
    nodeSelector: options.nodeSelector && { ...options.nodeSelector },
    tolerations: options.tolerations?.map(({ key, value, effect }) => ({
      key,
      operator: value === undefined ? "Exists" : "Equal",
      value,
      effect,
    })),
    priorityClassName: options.priorityClass,
    terminationGracePeriodSeconds: options.terminationGracePeriodSeconds,
    hostNetwork: options.hostNetwork && true,
    // With the node's own resolver, names of Services would be unknown.
    dnsPolicy: options.hostNetwork && "ClusterFirstWithHostNet",
    hostPID: options.hostPid && true,
    initContainers: before.length === 0 ? undefined : before,
    containers: [
      token === undefined
        ? main
        : { ...main, volumeMounts: [...(main.volumeMounts ?? []), token.mount] },
      ...sidecars,
    ],
    volumes: volumes.length === 0 ? undefined : volumes,
    ...more,
  };
}

/** The security context that the `restricted` level of the Pod Security Standards asks of pods. @ignore */
export function podSecurityContext({ user, group }: RunAs): PodSpec["securityContext"] {
  return {
    runAsNonRoot: user > 0,
    runAsUser: user,
    runAsGroup: group,
    fsGroup: group,
    // Without it, each start would change the owner of every file of a volume.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Anti-affinity of pods to others with the same labels, by node. @ignore */
export function antiAffinity(
  strength: "required" | "preferred",
  matchLabels: Record<string, string>,
): PodSpec["affinity"] {
  const term = { labelSelector: { matchLabels }, topologyKey: topologyKeys.hostname };
  return {
    podAntiAffinity: strength === "required"
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
      },
  };
}

/** A constraint that spreads pods with the same labels evenly. @ignore */
export function topologySpread(
  { key, maxSkew = 1, whenUnsatisfiable = "ScheduleAnyway" }: TopologySpread,
  matchLabels: Record<string, string>,
): NonNullable<PodSpec["topologySpreadConstraints"]>[number] {
  return {
    maxSkew,
    topologyKey: topologyKeys[key],
    whenUnsatisfiable,
    labelSelector: { matchLabels },
  };
}

/** What an init container needs that only opens a connection. */
const waitResources: Resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "50m", memory: "32Mi" },
};

function waitContainer(
  service: string,
  port: number,
  { image }: WaitFor,
  namespace: string,
): Container {
  return {
    name: `wait-for-${service}`,
    image,
    command: [
      "sh",
      "-c",
      'until nc -z -w 2 "$1" "$2"; do echo "waiting for $1:$2"; sleep 2; done',
      "wait",
      `${service}.${namespace}.svc`,
      String(port),
    ],
    resources: resourcesOf(waitResources),
    securityContext: containerSecurityContext(),
  };
}
