import type { ClusterClient, WriteOptions } from "../../core/cluster.ts";
import { type KubeObject, type ObjectRef, refOf, subjectOf } from "../../core/object.ts";
import type { StatusError } from "../../core/status_error.ts";
import { failureOf, jsonOf, objectIsMissing, type Session } from "./session.ts";
import { collectionPath, objectPath, type Query, withQuery } from "./paths.ts";
import type { Call } from "./transport.ts";

const defaultManager = "slipway";

/** Media types of patches. Source: kubernetes.io/docs/reference/using-api/api-concepts, patch. */
const patchTypes = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
};

/** The operations that write objects. */
export function createWriteOperations(
  session: Session,
): Pick<ClusterClient, "apply" | "create" | "replace" | "patch" | "delete"> {
  const { transport, within, served } = session;

  /** Send what changes one object, and read the object that results. */
  function write<T>(
    verb: string,
    ref: ObjectRef,
    options: WriteOptions | undefined,
    { content, ...call }: Omit<Call, "path" | "body" | "secrets"> & {
      content: unknown;
      query: Query;
      subresource?: string;
      toCollection?: boolean;
    },
  ): Promise<T> {
    const tried = options?.dryRun
      ? `${verb} (dry run) ${subjectOf(ref)}`
      : `${verb} ${subjectOf(ref)}`;
    return within(tried, options, async (deadline) => {
      const type = await served(ref, deadline);
      // Checks name and namespace against the kind, for collections too.
      const object = objectPath(type, ref, call.subresource);
      const path = withQuery(call.toCollection ? collectionPath(type, ref.namespace) : object, {
        ...call.query,
        ...dryRunQuery(options),
      });
      const repeatable = call.repeatable || options?.dryRun === true;
      try {
        const answer = await transport.send({
          ...call,
          path,
          body: JSON.stringify(content),
          repeatable,
          secrets: ref.kind === "Secret" ? () => textsIn(content) : undefined,
        }, deadline);
        return jsonOf<T>(answer, session, deadline);
      } catch (error) {
        throw failureOf(error, tried, ref, session);
      }
    });
  }

  return {
    apply: <T extends KubeObject>(
      manifest: KubeObject,
      options: Parameters<ClusterClient["apply"]>[1] = {},
    ) =>
      write<T>("apply", refOf(manifest), options, {
        method: "PATCH",
        contentType: patchTypes.apply,
        content: manifest,
        query: {
          fieldManager: options.fieldManager ?? defaultManager,
          fieldValidation: "Strict",
          force: options.force ? true : undefined,
        },
        repeatable: true,
        alsoRetry: manifest.metadata.resourceVersion === undefined ? lostRace : undefined,
      }),
    create: <T extends KubeObject>(manifest: KubeObject, options?: WriteOptions) =>
      write<T>("create", refOf(manifest), options, {
        method: "POST",
        content: manifest,
        query: { fieldManager: defaultManager, fieldValidation: "Strict" },
        repeatable: false,
        toCollection: true,
      }),
    replace: <T extends KubeObject>(object: KubeObject, options?: WriteOptions) =>
      write<T>("replace", refOf(object), options, {
        method: "PUT",
        content: object,
        query: { fieldManager: defaultManager, fieldValidation: "Strict" },
        // A second try would conflict with the first one where only its answer was lost.
        repeatable: false,
      }),
    patch: <T extends KubeObject>(
      ref: ObjectRef,
      body: unknown,
      options: Parameters<ClusterClient["patch"]>[2] = {},
    ) =>
      write<T>("patch", ref, options, {
        method: "PATCH",
        contentType: patchTypes[options.type ?? "merge"],
        content: body,
        query: { fieldManager: options.fieldManager ?? defaultManager, fieldValidation: "Strict" },
        subresource: options.subresource,
        // JSON Patch may add to lists, and would add twice.
        repeatable: options.type !== "json",
      }),
    delete: (ref, options = {}) => {
      const { uid, resourceVersion, propagation = "Background" } = options;
      const preconditions = { uid, resourceVersion };
      const guarded = uid !== undefined || resourceVersion !== undefined;
      return within(`delete ${subjectOf(ref)}`, options, async (deadline) => {
        const path = objectPath(await served(ref, deadline), ref);
        try {
          await transport.send({
            method: "DELETE",
            path: withQuery(path, dryRunQuery(options)),
            body: JSON.stringify({
              apiVersion: "v1",
              kind: "DeleteOptions",
              propagationPolicy: propagation,
              ...(guarded ? { preconditions } : {}),
            }),
            // Without preconditions a second try might meet an object that was made anew.
            repeatable: guarded,
          }, deadline);
          return true;
        } catch (error) {
          if (objectIsMissing(error)) return false;
          throw failureOf(error, deadline.tried, ref, session);
        }
      });
    },
  };
}

/** All texts and numbers within the data of a Secret, or of a patch of one. */
function textsIn(content: unknown): string[] {
  if (typeof content === "string" || typeof content === "number") return [String(content)];
  if (typeof content !== "object" || content === null) return [];
  return Object.entries(content)
    .filter(([key]) => !["apiVersion", "kind", "metadata", "type", "op", "path"].includes(key))
    .flatMap(([, value]) => textsIn(value));
}

/** Query of a dry run. */
export function dryRunQuery(options: WriteOptions | undefined): Query {
  return { dryRun: options?.dryRun ? "All" : undefined };
}

/**
 * Another writer was faster than an apply that names no resourceVersion. Applying again is
 * right, unless fields are owned by others, which is a conflict of another kind.
 */
function lostRace({ reason, status }: StatusError): boolean {
  if (reason === "AlreadyExists") return true;
  const causes = status.details?.causes ?? [];
  return reason === "Conflict" && !causes.some((cause) => cause.reason === "FieldManagerConflict");
}
