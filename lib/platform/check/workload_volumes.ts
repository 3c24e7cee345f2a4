import type { Mistake, Path } from "../mistake.ts";
import { type PodContainer, podContainers } from "../pod_containers.ts";
import type { Mount, Platform, PodOptions, Workload } from "../types.ts";
import { refer, within } from "./reference.ts";

type Mounted = readonly [path: Path, mount: Mount];

/** Volumes that containers mount must be declared, and what is declared for a pod must be mounted by it. */
export function checkVolumes(
  path: Path,
  name: string,
  pod: PodOptions & Partial<Workload>,
  platform: Platform,
): Mistake[] {
  const mounted = podContainers(path, name, pod).flatMap(mountsOf);
  const volumes = within(platform.volumes, pod.namespace).map(([volume]) => volume);
  return [
    ...mounted.flatMap(([at, { claim, volumeClaim }]) => [
      ...(claim === undefined ? [] : refer(
        [...at, "claim"],
        claim,
        volumes,
        `volume in namespace ${pod.namespace}`,
      )),
      ...(volumeClaim === undefined ? [] : refer(
        [...at, "volumeClaim"],
        volumeClaim,
        Object.keys(pod.volumeClaims ?? {}),
        "volume claim of this workload",
      )),
    ]),
    ...checkScratch(mounted),
    ...checkClaims(path, pod, mounted, platform),
    ...checkHandover(path, pod, mounted, platform),
  ];
}

function mountsOf({ path, options }: PodContainer): Mounted[] {
  return Object.entries(options.mounts ?? {}).map(([file, mount]) =>
    [[...path, "mounts", file], mount] as const
  );
}

/** Scratch space of one name is one space, and has one size. */
function checkScratch(mounted: readonly Mounted[]): Mistake[] {
  const first = new Map<string, string>();
  return mounted.flatMap(([path, { emptyDir }]) => {
    if (emptyDir?.name === undefined) return [];
    const said = `${emptyDir.sizeLimit}${emptyDir.medium === undefined ? "" : " in memory"}`;
    const before = first.get(emptyDir.name) ?? said;
    first.set(emptyDir.name, before);
    return before === said ? [] : [{
      path: [...path, "emptyDir"],
      message: `${said}, but another mount of ${emptyDir.name} says ${before}, expected the same`,
    }];
  });
}

function checkClaims(
  path: Path,
  { volumeClaims = {} }: Partial<Workload>,
  mounted: readonly Mounted[],
  platform: Platform,
): Mistake[] {
  return Object.entries(volumeClaims).flatMap(([claim, options]) => {
    const at = [...path, "volumeClaims", claim];
    const given = platform.storageClasses[options.storageClass]?.accessModes;
    const modes = options.accessModes ?? ["ReadWriteOnce"];
    const missing = modes.filter((mode) => given?.includes(mode) === false);
    return [
      ...refer(
        [...at, "storageClass"],
        options.storageClass,
        Object.keys(platform.storageClasses),
        "storage class",
      ),
      ...missing.map((mode) => ({
        path: [...at, options.accessModes === undefined ? "storageClass" : "accessModes"],
        message: `storage class ${options.storageClass} cannot give ${mode}, expected ${
          given!.join(" or ")
        }, or a class that can`,
      })),
      ...(mounted.some(([, { volumeClaim }]) => volumeClaim === claim) ? [] : [{
        path: at,
        message: "no container mounts this claim, expected a mount with volumeClaim: " + claim,
        atKey: true,
      }]),
    ];
  });
}

/** With a volume that only one node can mount, a newer pod waits for the older one, which waits for the newer. */
function checkHandover(
  path: Path,
  { rollout }: Partial<Workload>,
  mounted: readonly Mounted[],
  platform: Platform,
): Mistake[] {
  if ((rollout?.maxSurge ?? 0) === 0) return [];
  const held = mounted.flatMap(([, { claim }]) => {
    const modes = platform.volumes[claim ?? ""]?.accessModes;
    return modes === undefined || modes.some((mode) => mode.endsWith("Many")) ? [] : [claim!];
  });
  return held.length === 0 ? [] : [{
    path: [...path, "rollout", "maxSurge"],
    message: `a newer pod on another node cannot mount ${
      [...new Set(held)].join(" and ")
    } before the older one is gone, expected 0, and maxUnavailable above 0`,
  }];
}
