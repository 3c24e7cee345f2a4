import { fieldManager, managedByLabel, systemNamespace } from "../core/labels.ts";
import type { KubeObject, ObjectRef } from "../core/object.ts";

/** Who holds a lease, and for how long it lasts without a sign of life. */
export interface LeaseHolder {
  /** What must not run twice, such as the inventory `shop.production`. */
  id: string;
  /** The holder as people know it, such as `ana@laptop, process 4711`. */
  holder: string;
  /** Names the holder's process, so that others can see whether it ended. */
  holderProcess: string;
  /** How long a lease lasts after its last renewal, in seconds. @default 15 */
  durationSeconds?: number;
  /** The time now. */
  now: () => Temporal.Instant;
}

/** A lease as the cluster keeps it. Source: coordination.k8s.io/v1 Lease. */
export interface Lease extends KubeObject {
  /** Who holds it, and since when. */
  spec: {
    /** The holder as people know it. */
    holderIdentity?: string;
    /** How long it lasts after its last renewal, in seconds. */
    leaseDurationSeconds?: number;
    /** When its holder took it, by RFC 3339. */
    acquireTime?: string;
    /** When its holder last renewed it, by RFC 3339. */
    renewTime?: string;
    /** How often it went over to another holder. */
    leaseTransitions?: number;
  };
}

const processAnnotation = "slipway.dev/holder-process";

/** The lease's place on the cluster. */
export function leaseRef(id: string): ObjectRef {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    namespace: systemNamespace,
    name: id,
  };
}

/** What names the process of a lease's holder; undefined where the lease does not say. */
export function holderProcessOf(lease: Lease): string | undefined {
  return lease.metadata.annotations?.[processAnnotation];
}

/** Whether a lease is this holder's. */
export function isHeldBy(
  lease: Lease | undefined,
  { holder, holderProcess }: LeaseHolder,
): boolean {
  return lease?.spec.holderIdentity === holder &&
    holderProcessOf(lease) === holderProcess;
}

/** The lease when this holder takes it, or renews it where `before` is its own. */
export function heldBy(options: LeaseHolder, before?: Lease): Lease {
  const { apiVersion, kind, namespace, name } = leaseRef(options.id);
  const time = options.now().toString({ fractionalSecondDigits: 6 });
  const isRenewal = before !== undefined && isHeldBy(before, options);
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: { [managedByLabel]: fieldManager },
      annotations: { [processAnnotation]: options.holderProcess },
      ...(before === undefined
        ? {}
        : { uid: before.metadata.uid, resourceVersion: before.metadata.resourceVersion }),
    },
    spec: {
      holderIdentity: options.holder,
      leaseDurationSeconds: options.durationSeconds ?? 15,
      acquireTime: isRenewal ? before.spec.acquireTime : time,
      renewTime: time,
      leaseTransitions: (before?.spec.leaseTransitions ?? 0) +
        (before === undefined || isRenewal ? 0 : 1),
    },
  };
}
