import type {
  Mount,
  Probe as ProbeOptions,
  Resources,
  RunAs,
} from "../../../lib/platform/types.ts";
import type { Container, PodSpec, Probe, Volume, VolumeMount } from "../types.ts";

/** Label that Kubernetes puts nodes' names under; the domain of anti-affinity. */
const hostname = "kubernetes.io/hostname";

/** The security context that the `restricted` level of the Pod Security Standards asks of pods. @ignore */
export function podSecurityContext({ user, group }: RunAs): PodSpec["securityContext"] {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: group,
    fsGroup: group,
    // Without it, each start would change the owner of every file of a volume.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** The security context that the `restricted` level of the Pod Security Standards asks of containers. @ignore */
export function containerSecurityContext(): Container["securityContext"] {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
}

/** Requests and limits as containers have them. @ignore */
export function resourcesOf({ requests, limits }: Resources): Container["resources"] {
  return { requests: { ...requests }, limits: { ...limits } };
}

/** An HTTP probe. @ignore */
export function probe(options: ProbeOptions, defaultPort: string): Probe {
  return {
    httpGet: { path: options.path, port: options.port ?? defaultPort },
    periodSeconds: options.periodSeconds,
    timeoutSeconds: options.timeoutSeconds,
    failureThreshold: options.failureThreshold,
  };
}

/** Anti-affinity of pods to others with the same labels, by node. @ignore */
export function antiAffinity(
  strength: "required" | "preferred",
  matchLabels: Record<string, string>,
): PodSpec["affinity"] {
  const term = { labelSelector: { matchLabels }, topologyKey: hostname };
  return {
    podAntiAffinity: strength === "required"
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
      },
  };
}

/** Volumes of a pod, and where they are mounted, in the order of the paths. @ignore */
export function mounts(
  byPath: Readonly<Record<string, Mount>>,
): { volumes: Volume[]; volumeMounts: VolumeMount[] } {
  const volumes = new Map<string, Volume>();
  const volumeMounts: VolumeMount[] = [];
  for (const [mountPath, mount] of Object.entries(byPath).sort(([a], [b]) => a < b ? -1 : 1)) {
    const name = volumeName(mountPath, mount);
    volumes.set(name, { name, ...volumeSource(mount) });
    const readOnly = mount.readOnly ?? mount.secret !== undefined;
    volumeMounts.push({ name, mountPath, readOnly: readOnly ? true : undefined });
  }
  return { volumes: [...volumes.values()], volumeMounts };
}

/** A claim is one volume however often it is mounted; other volumes are named by their path. */
function volumeName(mountPath: string, { claim }: Mount): string {
  return claim ?? mountPath.slice(1).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function volumeSource({ claim, secret, emptyDir, items }: Mount): Omit<Volume, "name"> {
  if (claim !== undefined) return { persistentVolumeClaim: { claimName: claim } };
  if (secret !== undefined) {
    return {
      secret: {
        secretName: secret,
        // Readable by the group that the pod runs with, and by nobody else.
        defaultMode: 0o440,
        items: items === undefined
          ? undefined
          : Object.entries(items).map(([key, path]) => ({ key, path })),
      },
    };
  }
  return { emptyDir: { sizeLimit: emptyDir?.sizeLimit } };
}
