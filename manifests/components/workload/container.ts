import type {
  ContainerOptions,
  EnvValue,
  Port,
  Probe as ProbeOptions,
  Probes,
  Resources,
  RunAs,
  SideContainer,
} from "../../../lib/platform/types.ts";
import { portOf } from "../../../lib/platform/workloads.ts";
import type { Container, Probe } from "../types.ts";
import { mountsOf, type VolumeSet } from "./volumes.ts";

/** A container; its volumes join those of the pod. @ignore */
export function container(
  name: string,
  options: ContainerOptions & { ports?: Record<string, Port>; probes?: Probes },
  set: VolumeSet,
): Container {
  const { ports = {}, probes = {} } = options;
  const { liveness, readiness, startup } = probes;
  const volumeMounts = mountsOf(name, options.mounts ?? {}, set);
  return {
    name,
    image: options.image,
    imagePullPolicy: options.imagePullPolicy,
    command: options.command && [...options.command],
    args: options.args && [...options.args],
    ports: unlessEmpty(
      Object.entries(ports).map(([port, number]) => {
        const { port: containerPort, protocol } = portOf(number);
        return { name: port, containerPort, protocol };
      }),
    ),
    envFrom: unlessEmpty([
      ...(options.envFromSecrets ?? []).map((secret) => ({ secretRef: { name: secret } })),
      ...(options.envFromConfigs ?? []).map((config) => ({ configMapRef: { name: config } })),
    ]),
    env: options.env &&
      Object.entries(options.env).map(([variable, value]) => ({
        name: variable,
        ...valueOf(value),
      })),
    resources: resourcesOf(options.resources),
    startupProbe: startup && probe(startup, ports),
    livenessProbe: liveness && probe(liveness, ports),
    readinessProbe: readiness && probe(readiness, ports),
    securityContext: containerSecurityContext(options),
    volumeMounts: unlessEmpty(volumeMounts),
  };
}

/** Containers beside or before the main one, in the order of the file. @ignore */
export function sideContainers(
  byName: Readonly<Record<string, SideContainer>>,
  pod: RunAs,
  set: VolumeSet,
): Container[] {
  return Object.entries(byName).map(([name, options]) => {
    const { securityContext, ...rest } = container(name, options, set);
    return { ...rest, securityContext: { ...securityContext, ...identity(options.runAs, pod) } };
  });
}

/** What of a container's identity differs from its pod's. */
function identity(
  own: RunAs | undefined,
  pod: RunAs,
): Container["securityContext"] {
  if (own === undefined) return {};
  return {
    runAsUser: own.user,
    runAsGroup: own.group,
    runAsNonRoot: own.user > 0 === pod.user > 0 ? undefined : own.user > 0,
  };
}

/** The security context that the `restricted` level of the Pod Security Standards asks of containers. @ignore */
export function containerSecurityContext(
  { writableRoot, capabilities, privileged }: Partial<ContainerOptions> = {},
): Container["securityContext"] {
  // The API server refuses a privileged container that may not escalate.
  if (privileged !== undefined) return { privileged: true };
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: writableRoot === undefined,
    capabilities: { drop: ["ALL"], add: capabilities && [...capabilities.add] },
  };
}

/** Requests and limits as containers have them. @ignore */
export function resourcesOf({ requests, limits }: Resources): Container["resources"] {
  return { requests: { ...requests }, limits: { ...limits } };
}

/** A probe; `ports` are those of its container, of which the first is asked unless it names one. @ignore */
export function probe(options: ProbeOptions, ports: Readonly<Record<string, Port>>): Probe {
  const port = options.port ?? Object.keys(ports)[0]!;
  const { path, scheme, tcp, grpc, exec } = options;
  return {
    httpGet: path === undefined ? undefined : { path, port, scheme },
    tcpSocket: tcp && { port },
    // Unlike the others, this one takes no name.
    grpc: grpc && { port: portOf(ports[port]!).port },
    exec: exec && { command: [...exec] },
    initialDelaySeconds: options.initialDelaySeconds,
    periodSeconds: options.periodSeconds,
    timeoutSeconds: options.timeoutSeconds,
    failureThreshold: options.failureThreshold,
  };
}

function valueOf(
  value: EnvValue,
): NonNullable<Container["env"]>[number] extends infer E ? Omit<E, "name">
  : never {
  if (typeof value === "string") return { value };
  if ("secret" in value) {
    return { valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } };
  }
  if ("config" in value) {
    return { valueFrom: { configMapKeyRef: { name: value.config, key: value.key } } };
  }
  return { valueFrom: { fieldRef: { fieldPath: value.field } } };
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}
