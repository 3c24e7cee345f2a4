import type { Manifest } from "../../core/object.ts";
import { refOf } from "../../core/object.ts";
import type { Affinity, PodSpec } from "../pods.ts";
import { countsOf } from "../replicas.ts";
import type { View } from "../view.ts";
import { volumeClaims } from "../claims.ts";
import type { Demand, VolumeDemand } from "./wanted.ts";
import { chartDemands } from "./charts.ts";
import { needsOf } from "./amounts.ts";

/** All pods of a platform: of templates, of operators, and of charts as far as these say what they need. */
export function demandsOf(view: View): Demand[] {
  const claims = volumeClaims(view);
  const ownVolumes = (owner: Manifest): VolumeDemand[] =>
    claims.filter(({ object, claim }) => object === owner && claim !== undefined)
      .map(({ claim, size, storageClass }) => volumeOf(owner, claim!, size, storageClass));
  const shared = (namespace: string, { volumes = [] }: PodSpec): VolumeDemand[] =>
    volumes.flatMap(({ persistentVolumeClaim }) => {
      const found = claims.find(({ object }) =>
        object.kind === "PersistentVolumeClaim" && object.metadata.namespace === namespace &&
        object.metadata.name === persistentVolumeClaim?.claimName
      );
      return found === undefined
        ? []
        : [volumeOf(found.object, found.name, found.size, found.storageClass)];
    });
  return [
    ...view.sources.map(({ owner, kind, namespace, labels, spec }): Demand => {
      const { least = 0, most = 0 } = countsOf(owner, view) ?? {};
      return {
        object: refOf(owner),
        namespace,
        labels,
        least,
        most,
        surge: surgeOf(owner, least),
        perNode: kind === "DaemonSet",
        passing: kind === "Job" || kind === "CronJob",
        needs: needsOf(spec),
        spec,
        volumes: [...ownVolumes(owner), ...shared(namespace, spec)],
      };
    }),
    // The first of several entries of one resource has the volumes: a pooler has none.
    ...view.made.map(({ owner, namespace, labelSets, least, most, spec, claims }): Demand => ({
      object: refOf(owner),
      namespace,
      labels: labelSets[0] ?? {},
      least,
      most,
      surge: 0,
      perNode: false,
      passing: false,
      needs: needsOf(spec),
      spec,
      volumes: claims.map(({ name, size, storageClass }) =>
        volumeOf(owner, name, size, storageClass)
      ),
    })),
    ...chartDemands(view.platform),
  ];
}

/** Required distance from other pods, as terms. */
export function apartTerms(
  { affinity }: { affinity?: Affinity },
): NonNullable<
  NonNullable<Affinity["podAntiAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]
> {
  return affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function volumeOf(
  object: Manifest,
  name: string,
  size: string,
  storageClass: string | undefined,
): VolumeDemand {
  return {
    object: refOf(object),
    name,
    size,
    ...(storageClass === undefined ? {} : { storageClass }),
  };
}

/**
 * Percentages of the surge are rounded up, those of what may be missing down, and one may be missing where both come
 * to nothing. Source: k8s.io/kubernetes, pkg/controller/deployment/util, ResolveFenceposts.
 */
function surgeOf(owner: Manifest, replicas: number): number {
  if (owner.kind !== "Deployment") return 0;
  const { strategy } = owner["spec"] as {
    strategy?: {
      type?: string;
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
  };
  if (strategy?.type === "Recreate") return 0;
  const { maxSurge = "25%", maxUnavailable = "25%" } = strategy?.rollingUpdate ?? {};
  const missing = Math.floor(portion(maxUnavailable, replicas));
  return missing > 0 ? 0 : Math.ceil(portion(maxSurge, replicas));
}

function portion(value: number | string, of: number): number {
  return typeof value === "string" && value.endsWith("%")
    ? Number(value.slice(0, -1)) / 100 * of
    : Number(value);
}
