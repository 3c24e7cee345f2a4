import type { ClusterClient } from "../../core/cluster.ts";
import { closest } from "../../core/closest.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { type BackupSubject, namespaceOf } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";

/** A claim by its name. */
export interface ClaimName {
  /** Namespace. */
  namespace: string;
  /** Name. */
  name: string;
}

/** A claim to a volume. Source: k8s.io/api, core/v1 PersistentVolumeClaim. */
export interface VolumeClaim extends KubeObject {
  /** What is claimed. */
  spec: {
    /** How the volume may be mounted. */
    accessModes?: string[];
    /** Name of its class. */
    storageClassName?: string;
    /** Name of its volume. */
    volumeName?: string;
    /** `Block` for one without a file system. */
    volumeMode?: string;
    /** How big it is to be. */
    resources?: {
      /** Least size. */
      requests?: {
        /** As a quantity. */
        storage?: string;
      };
    };
  };
  /** How it stands. */
  status?: {
    /** Pending, Bound or Lost. */
    phase?: string;
    /** How big it is. */
    capacity?: {
      /** As a quantity. */
      storage?: string;
    };
    /** What it waits for. */
    conditions?: {
      /** Such as `FileSystemResizePending`. */
      type: string;
      /** `True`, `False` or `Unknown`. */
      status: string;
      /** Readable reason. */
      message?: string;
    }[];
  };
}

const kind = { apiVersion: "v1", kind: "PersistentVolumeClaim" } as const;

/**
 * The claims that are meant: those that are named, as `namespace/claim` or by a name in the platform's `volumes`, else
 * those that the job covers.
 *
 * @throws {UsageError} when none is meant, or one is not there
 */
export async function claimsMeant(
  client: ClusterClient,
  named: readonly string[],
  { platform, covers = [] }: { platform?: Platform | undefined; covers?: BackupSubject[] },
  signal: AbortSignal,
): Promise<ClaimName[]> {
  const found = named.length > 0
    ? named.map((text) => claimNamed(text, platform))
    : (await Promise.all(
      covers.map((subject) => claimsOf(client, subject, platform!, signal)),
    )).flat();
  if (found.length > 0) return found;
  throw new UsageError("Cannot tell which volumes are meant: no claim is named", {
    remedy: "name one as namespace/claim, or have a job of the platform cover volumes/<name>",
  });
}

/**
 * The claim that a text names.
 *
 * @throws {UsageError} when it names none
 */
export function claimNamed(text: string, platform: Platform | undefined): ClaimName {
  const parts = text.split("/");
  if (parts.length === 2 && parts.every((part) => part !== "") && parts[0] !== "volumes") {
    return { namespace: parts[0]!, name: parts[1]! };
  }
  const name = parts.length === 2 ? parts[1]! : text;
  const namespace = platform === undefined ? undefined : namespaceOf(platform, "volumes", name);
  if (namespace !== undefined && parts.length <= 2) return { namespace, name };
  const near = closest(name, Object.keys(platform?.volumes ?? {}));
  throw new UsageError(
    platform === undefined
      ? `Cannot tell which claim "${text}" is: wanted namespace/claim`
      : `Cannot tell which claim "${text}" is: the platform ${platform.name} has no such volume`,
    {
      remedy: near === undefined
        ? "name it as namespace/claim, such as shop/uploads"
        : `did you mean ${near}?`,
    },
  );
}

async function claimsOf(
  client: ClusterClient,
  { section, name, claim }: BackupSubject,
  platform: Platform,
  signal: AbortSignal,
): Promise<ClaimName[]> {
  const namespace = namespaceOf(platform, section, name);
  if (namespace === undefined) return [];
  if (section === "volumes") return [{ namespace, name }];
  const { items } = await client.list<VolumeClaim>({ ...kind, namespace }, { signal });
  return claimsOfStatefulSet(items, name, claim).map(({ metadata }) => ({
    namespace,
    name: metadata.name,
  }));
}

/**
 * The claims of a StatefulSet's pods, whose names are those of the template, the set, and the pod's number.
 * Source: Kubernetes, "StatefulSets", stable storage.
 */
export function claimsOfStatefulSet<T extends KubeObject>(
  claims: readonly T[],
  set: string,
  template?: string,
): T[] {
  return claims.filter(({ metadata: { name } }) => {
    const number = name.slice(name.lastIndexOf("-") + 1);
    const rest = name.slice(0, name.lastIndexOf("-"));
    return /^\d+$/.test(number) &&
      (template === undefined ? rest.endsWith(`-${set}`) : rest === `${template}-${set}`);
  });
}

/**
 * A claim as it stands.
 *
 * @throws {SlipwayError} when it is not there, or has no files
 */
export async function readClaim(
  client: ClusterClient,
  { namespace, name }: ClaimName,
  signal: AbortSignal,
): Promise<VolumeClaim> {
  const found = await client.get<VolumeClaim>({ ...kind, namespace, name }, { signal });
  if (found === undefined) {
    throw new SlipwayError(`There is no PersistentVolumeClaim ${namespace}/${name}`, {
      remedy: "check namespace and name with `kubectl get pvc -A`, and which cluster is meant",
    });
  }
  if (found.spec.volumeMode === "Block") {
    throw new SlipwayError(
      `Cannot read files of ${namespace}/${name}: it is a block device without a file system`,
      { remedy: "back it up by snapshots of its storage" },
    );
  }
  return found;
}

/** A reference to a claim. */
export function claimRef({ namespace, name }: ClaimName): ObjectRef {
  return { ...kind, namespace, name };
}
