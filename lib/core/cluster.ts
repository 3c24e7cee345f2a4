import type { KubeObject, Manifest, ObjectRef } from "./object.ts";
import type { Program, RunningProgram } from "./program.ts";

/** Options that each request to a cluster takes. */
export interface RequestOptions {
  /** Ends the request early. */
  signal?: AbortSignal;
  /** Deadline of one request with its retries, in milliseconds. @default 30_000 */
  timeoutMs?: number;
}

/** Options of requests that write. */
export interface WriteOptions extends RequestOptions {
  /** Ask the server what would happen, and change nothing. @default false */
  dryRun?: boolean;
}

/** Options of a server-side apply. */
export interface ApplyOptions extends WriteOptions {
  /** Name under which the fields are owned. @default "slipway" */
  fieldManager?: string;
  /** Take over fields that other managers own. @default false */
  force?: boolean;
}

/** Which objects a list or a watch is about. */
export interface ListQuery {
  /** Group and version, such as `apps/v1`. */
  apiVersion: string;
  /** Kind of the objects, such as `Deployment`. */
  kind: string;
  /** One namespace; all of them when absent. */
  namespace?: string;
  /** Label selector in the API's own syntax. */
  labelSelector?: string;
  /** Field selector in the API's own syntax, such as `metadata.name=web`. */
  fieldSelector?: string;
}

/** The answer to a list, all pages of it. */
export interface ObjectList<T extends KubeObject = KubeObject> {
  /** The objects, each with its apiVersion and kind. */
  items: T[];
  /** Where a watch goes on from. */
  resourceVersion: string;
}

/**
 * What a watch tells. It begins with an `added` for each object that exists, then
 * `synced`, then changes. After a gap that the server cannot fill (410 Gone) the
 * watch lists again by itself and tells the difference: nothing is missed, though
 * several changes of one object may come as one.
 */
export type WatchEvent<T extends KubeObject = KubeObject> =
  | { type: "added" | "modified" | "deleted"; object: T }
  | { type: "synced" };

/** How to delete an object. */
export interface DeleteOptions extends WriteOptions {
  /** Refuse when the live object has another UID. */
  uid?: string;
  /** Refuse when the live object has another resourceVersion. */
  resourceVersion?: string;
  /** What becomes of dependents. @default "Background" */
  propagation?: "Foreground" | "Background" | "Orphan";
}

/** Options of a patch. */
export interface PatchOptions extends WriteOptions {
  /** `merge` is RFC 7386, `json` is RFC 6902. @default "merge" */
  type?: "merge" | "json";
  /** A subresource, such as `status` or `scale`. */
  subresource?: string;
  /** Name under which the fields are owned. @default "slipway" */
  fieldManager?: string;
}

/** A kind that the server serves. */
export interface ResourceType {
  /** Group and version, such as `apps/v1`. */
  apiVersion: string;
  /** Kind, such as `Deployment`. */
  kind: string;
  /** Name in URLs, such as `deployments`. */
  plural: string;
  /** Whether its objects live in namespaces. */
  namespaced: boolean;
  /** What may be done with it, such as `list` and `patch`. */
  verbs: readonly string[];
}

/** A token for a service account. */
export interface ServiceAccountToken {
  /** The token, a secret. */
  token: string;
  /** RFC 3339 time at which it ends. */
  expiresAt: string;
}

/** What an access review asks. */
export interface AccessQuestion {
  /** Verb, such as `create`. */
  verb: string;
  /** API group; empty for the core group. */
  group: string;
  /** Plural resource name, such as `deployments`. */
  resource: string;
  /** Namespace; all of them when absent. */
  namespace?: string;
  /** One object by name. */
  name?: string;
}

/** How much of a log is wanted. */
export interface LogOptions extends RequestOptions {
  /** Which container; required where the pod has several. */
  container?: string;
  /** Lines from the end. */
  tailLines?: number;
  /** The log of the container's previous run. @default false */
  previous?: boolean;
}

/** A container of a pod. */
export interface PodContainer {
  /** Namespace of the pod. */
  namespace: string;
  /** Name of the pod. */
  name: string;
  /** Name of the container; required where the pod has several. */
  container?: string;
}

/** A pod's port, as the API server reaches it. */
export interface PodPort {
  /** Whether it is a port of a Pod or of a Service, one of whose pods is reached. @default "Pod" */
  kind?: "Pod" | "Service";
  /** Namespace of the pod. */
  namespace: string;
  /** Name of the pod. */
  name: string;
  /** Number of the port; of a Service also its name, which is empty where it has none. */
  port: number | string;
  /** What the port speaks. The API server does not check the certificate. @default http */
  scheme?: "http" | "https";
}

/** A request that the API server hands to a pod. */
export interface ProxyRequest {
  /** HTTP method. */
  method: string;
  /** Path and query, from the pod's root. */
  path: string;
  /** Headers; secrets among them reach the pod and no log. */
  headers?: Readonly<Record<string, string>>;
  /** Body. */
  body?: string | Uint8Array<ArrayBuffer>;
  /** Ends the request, and the reading of the answer. */
  signal: AbortSignal;
}

/** What a pod answered. */
export interface ProxyAnswer {
  /** HTTP status code. */
  status: number;
  /** Headers. */
  headers: Headers;
  /** Body; read to its end or cancelled, it gives its connection back. */
  body: ReadableStream<Uint8Array>;
}

/**
 * All that Slipway asks of a Kubernetes API server. `lib/kube` has the one real
 * implementation; tests have others. Failures are thrown as {@linkcode StatusError}
 * where the server answered, and as another `SlipwayError` where it did not.
 */
export interface ClusterClient {
  /** URL of the API server. */
  readonly server: string;
  /** One object, or undefined when there is none of that name. */
  get<T extends KubeObject = KubeObject>(
    ref: ObjectRef,
    options?: RequestOptions,
  ): Promise<T | undefined>;
  /** All objects that a query matches. */
  list<T extends KubeObject = KubeObject>(
    query: ListQuery,
    options?: RequestOptions,
  ): Promise<ObjectList<T>>;
  /** Follow the objects that a query matches until `signal` is aborted, which ends the iteration without an error. */
  watch<T extends KubeObject = KubeObject>(
    query: ListQuery,
    options: { signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>>;
  /** Server-side apply with strict field validation. */
  apply<T extends KubeObject = KubeObject>(manifest: Manifest, options?: ApplyOptions): Promise<T>;
  /** Create an object; fails with reason `AlreadyExists` when it is there. */
  create<T extends KubeObject = KubeObject>(
    manifest: Manifest,
    options?: WriteOptions,
  ): Promise<T>;
  /** Replace an object; its `metadata.resourceVersion` guards against lost updates. */
  replace<T extends KubeObject = KubeObject>(
    object: KubeObject,
    options?: WriteOptions,
  ): Promise<T>;
  /** Patch an object. */
  patch<T extends KubeObject = KubeObject>(
    ref: ObjectRef,
    body: unknown,
    options?: PatchOptions,
  ): Promise<T>;
  /** Delete an object; false when it was not there. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  /** Evict a pod, which respects PodDisruptionBudgets. */
  evict(pod: { namespace: string; name: string }, options?: WriteOptions): Promise<void>;
  /** A new token for a service account. */
  requestToken(
    account: { namespace: string; name: string },
    options?: RequestOptions & { audiences?: string[]; expirationSeconds?: number },
  ): Promise<ServiceAccountToken>;
  /** Whether this client's user may do a thing. */
  mayI(question: AccessQuestion, options?: RequestOptions): Promise<boolean>;
  /** The log of a pod, as text. */
  logs(pod: { namespace: string; name: string }, options?: LogOptions): Promise<string>;
  /** Send a request to a pod, or by a service to one of its pods, once; any status that the pod answers is an answer. */
  proxy(pod: PodPort, request: ProxyRequest): Promise<ProxyAnswer>;
  /**
   * Run a program in a container, as it is and without a shell. A connection that breaks while it runs is a
   * failure, and what becomes of the program then is not known; aborting the signal closes its standard input
   * and its connection, which ends only a program that reads or writes.
   */
  exec(
    pod: PodContainer,
    program: Program,
    options: { signal: AbortSignal },
  ): Promise<RunningProgram>;
  /** The kind as the server serves it, or undefined when it does not. */
  resourceType(apiVersion: string, kind: string): Promise<ResourceType | undefined>;
  /** Forget what discovery found, as after new CRDs. */
  forgetDiscovery(): void;
  /** A plain GET, such as `/readyz` or `/version`; the answer's text. */
  read(path: string, options?: RequestOptions): Promise<string>;
  /** Close connections. Calls after it fail. */
  close(): void;
}
