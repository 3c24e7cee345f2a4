import { simulateAnnotation, Simulation } from "./names.ts";
import { claimsOf, type Container, type Pod, type SecurityContext, type Volume } from "./pod.ts";

/** The two kinds that hold configuration. */
export type SourceKind = "ConfigMap" | "Secret";

/** Something that a pod's node must find before the pod may start. */
export type Need =
  | {
    /** A container's environment names a key, or all keys, of an object. */
    type: "environment";
    /** Kind of the object. */
    source: SourceKind;
    /** Name of the object. */
    name: string;
    /** The key; absent where all keys are taken. */
    key?: string;
    /** Name of the container. */
    container: string;
  }
  | {
    /** A volume shows an object. */
    type: "mount";
    /** Kind of the object. */
    source: SourceKind;
    /** Name of the object. */
    name: string;
    /** Keys that the volume names. */
    keys: readonly string[];
    /** Name of the volume. */
    volume: string;
  }
  | {
    /** A volume is a claim. */
    type: "claim";
    /** Name of the claim. */
    name: string;
    /** Name of the volume. */
    volume: string;
  }
  | {
    /** The images are pulled with a Secret's credentials. */
    type: "pull secret";
    /** Name of the Secret. */
    name: string;
  }
  | {
    /** A container must not be root, and nothing says who it is. */
    type: "user";
    /** Its user, where that is root. */
    runAsUser?: number;
    /** Name of the container. */
    container: string;
  }
  | {
    /** An annotation says that the images cannot be pulled. */
    type: "image";
  }
  | {
    /** An annotation keeps the pod waiting. */
    type: "release";
  };

/** All that a pod needs of its node. What is marked optional is no need. */
export function needsOf(pod: Pod): Need[] {
  const { spec } = pod;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return [
    ...simulated(pod.metadata.annotations?.[simulateAnnotation]),
    ...(spec.volumes ?? []).flatMap(mountsOf),
    ...claimsOf(pod).map(({ claim, volume }): Need => ({ type: "claim", name: claim, volume })),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }): Need[] =>
      name === undefined || name === "" ? [] : [{ type: "pull secret", name }]
    ),
    ...containers.flatMap(environmentOf),
    ...containers.flatMap((container) => userOf(container, spec.securityContext)),
  ];
}

function simulated(mode: string | undefined): Need[] {
  if (mode === Simulation.pending) return [{ type: "release" }];
  if (mode === Simulation.imagePullError) return [{ type: "image" }];
  return [];
}

function mountsOf(volume: Volume): Need[] {
  const needs: Need[] = [];
  const add = (
    source: SourceKind,
    reference: { name?: string; optional?: boolean; items?: { key: string }[] } | undefined,
  ) => {
    if (reference?.name === undefined || reference.optional === true) return;
    const keys = (reference.items ?? []).map((item) => item.key);
    needs.push({ type: "mount", source, name: reference.name, keys, volume: volume.name });
  };
  if (volume.secret !== undefined) {
    add("Secret", { ...volume.secret, name: volume.secret.secretName });
  }
  add("ConfigMap", volume.configMap);
  for (const source of volume.projected?.sources ?? []) {
    add("Secret", source.secret);
    add("ConfigMap", source.configMap);
  }
  add("Secret", volume.csi?.nodePublishSecretRef);
  return needs;
}

function environmentOf(container: Container): Need[] {
  const needs: Need[] = [];
  const add = (
    source: SourceKind,
    reference: { name?: string; key?: string; optional?: boolean } | undefined,
  ) => {
    if (reference?.name === undefined || reference.optional === true) return;
    const key = reference.key === undefined ? {} : { key: reference.key };
    needs.push({
      type: "environment",
      source,
      name: reference.name,
      ...key,
      container: container.name,
    });
  };
  for (const from of container.envFrom ?? []) {
    add("ConfigMap", from.configMapRef);
    add("Secret", from.secretRef);
  }
  for (const { valueFrom } of container.env ?? []) {
    add("ConfigMap", valueFrom?.configMapKeyRef);
    add("Secret", valueFrom?.secretKeyRef);
  }
  return needs;
}

/** A kubelet that must refuse root asks the image when no number is given; a simulated node has no image to ask. */
function userOf(container: Container, pod: SecurityContext | undefined): Need[] {
  const nonRoot = container.securityContext?.runAsNonRoot ?? pod?.runAsNonRoot ?? false;
  const runAsUser = container.securityContext?.runAsUser ?? pod?.runAsUser;
  if (!nonRoot || (runAsUser !== undefined && runAsUser !== 0)) return [];
  const user = runAsUser === undefined ? {} : { runAsUser };
  return [{ type: "user", ...user, container: container.name }];
}
