import type { ClusterClient, PodContainer } from "../../core/cluster.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import type { Platform } from "../../platform/types.ts";
import type { ClaimName } from "./claims.ts";
import type { HelperOptions } from "./helper.ts";
import { podsUsing } from "./users.ts";

/** Through which pod the files of a volume are reached, as the command line says. */
export interface ThroughRequest {
  /** Name of a pod that has the volume, and whose image has GNU tar. @default a helper pod of its own */
  pod?: string;
  /** Container of that pod. @default the one that has the volume */
  container?: string;
  /** Image of the helper pod, with GNU tar. @default the platform's `backups.image` */
  image?: string;
}

/** Identity of a helper where nobody says another one: what images without a shell call nonroot. */
const nonRoot = { user: 65532, group: 65532 };

/**
 * How a helper pod is to be.
 *
 * @throws {UsageError} when nobody says which image
 */
export function toolboxOf(
  { image }: Pick<ThroughRequest, "image">,
  platform: Pick<Platform, "name" | "backups"> | undefined,
): HelperOptions {
  const chosen = image ?? platform?.backups?.image;
  if (chosen !== undefined) return { image: chosen, runAs: platform?.backups?.runAs ?? nonRoot };
  throw new UsageError(
    platform === undefined
      ? "Cannot read a volume: no image is named for the pod that reads it"
      : `Cannot read a volume: the platform ${platform.name} names no backups.image for the pod that reads it`,
    { remedy: "name an image with GNU tar with --image, or a pod that has it and tar with --pod" },
  );
}

/**
 * Where a pod has a volume.
 *
 * @throws {UsageError} when it has not, or only a part of it
 */
export async function throughPod(
  client: ClusterClient,
  { namespace, name }: ClaimName,
  { pod: wanted, container }: Pick<ThroughRequest, "pod" | "container">,
  signal: AbortSignal,
): Promise<{ pod: PodContainer; folder: string }> {
  const users = await podsUsing(client, { namespace, name }, signal);
  const pod = users.find(({ metadata }) => metadata.name === wanted);
  if (pod === undefined) {
    const names = users.map(({ metadata }) => metadata.name);
    throw new UsageError(
      `Cannot read ${namespace}/${name} through Pod ${wanted}: ${
        names.length === 0
          ? "no pod has this claim"
          : `the pods that have it are ${names.join(", ")}`
      }`,
      { remedy: names.length === 0 ? "leave --pod out" : `name ${names[0]} with --pod` },
    );
  }
  const volume = pod.spec.volumes?.find(({ persistentVolumeClaim }) =>
    persistentVolumeClaim?.claimName === name
  );
  const mounts = pod.spec.containers
    .filter((each) => container === undefined || each.name === container)
    .flatMap((each) =>
      (each.volumeMounts ?? []).filter((mount) => mount.name === volume?.name)
        .map((mount) => ({ ...mount, container: each.name }))
    );
  const whole = mounts.find(({ subPath }) => subPath === undefined || subPath === "");
  if (whole === undefined) {
    throw new SlipwayError(
      `Cannot read ${namespace}/${name} through Pod ${wanted}: ${
        mounts.length === 0 ? "no such container has it" : "its containers have only parts of it"
      }`,
      { remedy: "leave --pod out, so that a helper pod reads it" },
    );
  }
  return {
    pod: { namespace, name: pod.metadata.name, container: whole.container },
    folder: whole.mountPath,
  };
}
