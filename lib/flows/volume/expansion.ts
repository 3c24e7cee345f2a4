import { SlipwayError, UsageError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { parseQuantity } from "../../core/units.ts";
import type { VolumeClaim } from "./claims.ts";

/** A class of volumes. Source: k8s.io/api, storage/v1 StorageClass. */
export interface VolumeClass extends KubeObject {
  /** Whether its volumes may grow. */
  allowVolumeExpansion?: boolean;
}

/** A StatefulSet, as far as its volumes go. Source: k8s.io/api, apps/v1 StatefulSet. */
export interface VolumeSet extends KubeObject {
  /** What it is to be. */
  spec: {
    /** Claims that each of its pods gets. */
    volumeClaimTemplates?: VolumeClaim[];
    /** All else. */
    [field: string]: unknown;
  };
}

/** What is to become of one claim. */
export interface ClaimExpansion {
  /** The claim. */
  claim: VolumeClaim;
  /** What it wants now, as a quantity. */
  from: string;
  /** Whether it must be asked for more; else it is only waited for. */
  ask: boolean;
}

/**
 * What is to be done with claims so that each has a size.
 *
 * @throws {UsageError} when one wants more already: volumes never shrink
 * @throws {SlipwayError} when a class forbids it, or a claim has no volume
 */
export function planExpansion(
  claims: readonly VolumeClaim[],
  classes: ReadonlyMap<string, VolumeClass>,
  size: string,
): ClaimExpansion[] {
  const wanted = parseQuantity(size);
  return claims.map((claim) => {
    const { namespace, name } = claim.metadata;
    const what = `${namespace}/${name}`;
    const from = claim.spec.resources?.requests?.storage ?? "0";
    const asked = parseQuantity(from);
    if (asked > wanted) {
      throw new UsageError(`Cannot make ${what} ${size} big: it is to have ${from} already`, {
        remedy:
          "volumes never shrink; to get a smaller one, restore a backup into a new claim with `deno task restore-volume --to`",
      });
    }
    const ask = asked < wanted;
    const className = claim.spec.storageClassName ?? "";
    if (ask && claim.status?.phase !== "Bound") {
      throw new SlipwayError(
        `Cannot expand ${what}: it is ${claim.status?.phase ?? "new"}, and has no volume yet`,
        { remedy: "start what uses it, and run the same command again", retryable: true },
      );
    }
    if (ask && classes.get(className)?.allowVolumeExpansion !== true) {
      throw new SlipwayError(
        `Cannot expand ${what}: its StorageClass ${
          className || "(none)"
        } does not say allowVolumeExpansion: true`,
        {
          remedy:
            "where its driver can do it (k3s' local-path cannot), set allowVolumeExpansion; else restore a backup into a bigger claim with `deno task restore-volume --to`",
        },
      );
    }
    return { claim, from, ask };
  });
}

/**
 * A StatefulSet as it is to be made anew with a bigger template; undefined where the template is as it should be. All
 * else stays, so that the pods that are there fit it.
 *
 * @throws {UsageError} when the template wants more already
 */
export function setWithSize(set: VolumeSet, template: string, size: string): VolumeSet | undefined {
  const wanted = parseQuantity(size);
  const templates = set.spec.volumeClaimTemplates ?? [];
  const found = templates.find(({ metadata }) => metadata.name === template);
  const has = parseQuantity(found?.spec.resources?.requests?.storage ?? "0");
  if (found === undefined || has === wanted) return undefined;
  if (has > wanted) {
    throw new UsageError(
      `Cannot make ${template} of StatefulSet ${set.metadata.namespace}/${set.metadata.name} ${size} big: its template has more already`,
      { remedy: "volumes never shrink: name a bigger size" },
    );
  }
  const { namespace, name, labels, annotations, ownerReferences } = set.metadata;
  return {
    apiVersion: set.apiVersion,
    kind: set.kind,
    metadata: {
      ...namespace === undefined ? {} : { namespace },
      name,
      ...labels === undefined ? {} : { labels },
      ...annotations === undefined ? {} : { annotations },
      ...ownerReferences === undefined ? {} : { ownerReferences },
    },
    spec: {
      ...set.spec,
      volumeClaimTemplates: templates.map((each) => {
        const { status: _status, ...rest } = each;
        return each !== found ? rest : {
          ...rest,
          spec: {
            ...found.spec,
            resources: {
              ...found.spec.resources,
              requests: { ...found.spec.resources?.requests, storage: size },
            },
          },
        };
      }),
    },
  };
}
