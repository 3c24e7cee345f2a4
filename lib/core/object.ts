/** Metadata of a Kubernetes object, as far as Slipway reads it. Source: k8s.io/apimachinery, meta/v1 ObjectMeta. */
export interface ObjectMeta {
  /** Name, unique within kind and namespace. */
  name: string;
  /** Namespace; absent for cluster-scoped kinds. */
  namespace?: string;
  /** Identifying key-value pairs. */
  labels?: Record<string, string>;
  /** Other key-value pairs. */
  annotations?: Record<string, string>;
  /** Unique over all objects that ever were. */
  uid?: string;
  /** Opaque version for optimistic concurrency and watches. */
  resourceVersion?: string;
  /** Counts changes of the wanted state. */
  generation?: number;
  /** RFC 3339 time of creation. */
  creationTimestamp?: string;
  /** RFC 3339 time from which the object is being deleted. */
  deletionTimestamp?: string;
  /** Objects that this one belongs to. */
  ownerReferences?: OwnerReference[];
  /** What must be done before the object may go. */
  finalizers?: string[];
  /** Which manager set which fields. */
  managedFields?: ManagedFieldsEntry[];
}

/** An owner of an object. */
export interface OwnerReference {
  /** API group and version of the owner. */
  apiVersion: string;
  /** Kind of the owner. */
  kind: string;
  /** Name of the owner. */
  name: string;
  /** UID of the owner. */
  uid: string;
  /** Whether the owner manages this object. */
  controller?: boolean;
}

/** Fields that one manager set. */
export interface ManagedFieldsEntry {
  /** Name of the manager, such as `slipway` or `kubectl-edit`. */
  manager: string;
  /** `Apply` for server-side apply, otherwise `Update`. */
  operation: "Apply" | "Update";
  /** Version that the field set is written in. */
  apiVersion?: string;
  /** Subresource that the fields were set through, such as `status`. */
  subresource?: string;
  /** RFC 3339 time of the last change. */
  time?: string;
  /** The field set, as a tree of `f:`, `k:`, `v:` and `.` keys. */
  fieldsV1?: Record<string, unknown>;
}

/** Any Kubernetes object, live or rendered. Source: the API conventions' "Objects". */
export interface KubeObject {
  /** Group and version, such as `apps/v1`, or `v1` for the core group. */
  apiVersion: string;
  /** Kind, such as `Deployment`. */
  kind: string;
  /** Name, namespace, labels and the like. */
  metadata: ObjectMeta;
  /** All else, by kind. */
  [field: string]: unknown;
}

/** A rendered object that nobody has applied yet. */
export type Manifest = KubeObject;

/** Says which object is meant. */
export interface ObjectRef {
  /** Group and version, such as `apps/v1`. */
  apiVersion: string;
  /** Kind, such as `Deployment`. */
  kind: string;
  /** Namespace; absent for cluster-scoped kinds. */
  namespace?: string;
  /** Name. */
  name: string;
}

/** The reference of an object. */
export function refOf(object: KubeObject): ObjectRef {
  const { name, namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  };
}

/** API group of an apiVersion; the empty string for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/**
 * A key that stays the same when only the version of the API changes:
 * `group/Kind/namespace/name`, with empty parts where there is none.
 */
export function keyOf(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ""}/${ref.name}`;
}

/**
 * How messages name an object: `Deployment shop/web`, or `Namespace shop` where there is no namespace.
 */
export function subjectOf(ref: ObjectRef): string {
  return ref.namespace === undefined || ref.namespace === ""
    ? `${ref.kind} ${ref.name}`
    : `${ref.kind} ${ref.namespace}/${ref.name}`;
}
