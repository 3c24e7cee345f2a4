import type { Mount } from "../../../lib/platform/types.ts";
import type { Volume, VolumeMount } from "../types.ts";

/** Volumes of a pod, collected from the mounts of its containers. */
export interface VolumeSet {
  /** Volumes, by name, each with what it was made from. */
  readonly byName: Map<string, { volume: Volume | undefined; source: string }>;
}

/** No volumes yet. @ignore */
export function volumeSet(): VolumeSet {
  return { byName: new Map() };
}

/** Volumes of a pod, and where they are mounted, in the order of the paths. @ignore */
export function mounts(
  byPath: Readonly<Record<string, Mount>>,
): { volumes: Volume[]; volumeMounts: VolumeMount[] } {
  const set = volumeSet();
  const volumeMounts = mountsOf("", byPath, set);
  return { volumes: volumesOf(set), volumeMounts };
}

/** All volumes of a pod that are not claims of a StatefulSet. @ignore */
export function volumesOf({ byName }: VolumeSet): Volume[] {
  return [...byName.values()].flatMap(({ volume }) => volume ?? []);
}

/** Mounts of one container; its volumes join those of the pod. @ignore */
export function mountsOf(
  container: string,
  byPath: Readonly<Record<string, Mount>>,
  set: VolumeSet,
): VolumeMount[] {
  return Object.entries(byPath).sort(([a], [b]) => a < b ? -1 : 1).map(([mountPath, mount]) => {
    const { secret, config, hostPath, subPath } = mount;
    const given = secret ?? config ?? hostPath;
    const readOnly = mount.readOnly ?? given !== undefined;
    return {
      name: join(container, mountPath, mount, set),
      mountPath,
      subPath,
      readOnly: readOnly ? true : undefined,
      mountPropagation: hostPath?.propagation,
    };
  });
}

/**
 * The name of a mount's volume. What two containers mount from one source is one volume; scratch space
 * without a name belongs to one container and path.
 */
function join(container: string, mountPath: string, mount: Mount, { byName }: VolumeSet): string {
  const source = mount.volumeClaim === undefined ? volumeSource(mount) : undefined;
  const own = mount.emptyDir !== undefined && mount.emptyDir.name === undefined;
  const key = JSON.stringify([source, own ? [container, mountPath] : mount.volumeClaim]);
  const wanted = nameOf(mountPath, mount);
  for (let count = 0;; count++) {
    const name = candidate(wanted, container, count);
    const taken = byName.get(name);
    if (taken !== undefined && taken.source !== key) continue;
    byName.set(name, { volume: source && { name, ...source }, source: key });
    return name;
  }
}

/** Names to try one after the other: the wanted one, the same with its container's, and numbered ones. */
function candidate(wanted: string, container: string, count: number): string {
  if (count === 0) return wanted;
  const start = `${container}-${wanted}`;
  return count === 1 ? shortened(start, 63) : `${shortened(start, 58)}-${count}`;
}

function shortened(name: string, length: number): string {
  return name.slice(0, length).replace(/-+$/, "");
}

/** Claims and shared scratch space have a name; other volumes are named by their path. */
function nameOf(mountPath: string, { claim, volumeClaim, emptyDir }: Mount): string {
  const byPath = mountPath.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replace(/^-/, "");
  return claim ?? volumeClaim ?? emptyDir?.name ?? (shortened(byPath, 63) || "root");
}

function volumeSource(
  { claim, secret, config, emptyDir, hostPath, items }: Mount,
): Omit<Volume, "name"> {
  const files = items && Object.entries(items).map(([key, path]) => ({ key, path }));
  if (claim !== undefined) return { persistentVolumeClaim: { claimName: claim } };
  // Readable by the group that the pod runs with, and by nobody else.
  if (secret !== undefined) {
    return { secret: { secretName: secret, defaultMode: 0o440, items: files } };
  }
  if (config !== undefined) return { configMap: { name: config, items: files } };
  if (hostPath !== undefined) return { hostPath: { path: hostPath.path, type: hostPath.type } };
  return { emptyDir: { medium: emptyDir?.medium, sizeLimit: emptyDir?.sizeLimit } };
}
