import { type Document, isObject } from "./objects.ts";
import { Malformed } from "./errors.ts";
import type { SealedName } from "./scope.ts";

/** A Secret in plain. Nothing of it may be shown but its names and keys. */
export interface PlainSecret extends SealedName {
  /** All other metadata that somebody wrote: labels, annotations and the like. */
  metadata: Record<string, unknown>;
  /** Type, such as `kubernetes.io/tls`; `Opaque` when absent. */
  type?: string;
  /** Whether it may not be changed once it is there. */
  immutable?: boolean;
  /** The values by key, in the order of the document. */
  values: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Metadata that a server sets, or that does not belong to the new object. Source: k8s.io/apimachinery, ObjectMeta. */
const serverFields = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** Annotations in which clients keep the whole Secret in plain. Sources: kubectl apply; kubecfg update. */
const plainAnnotations = [
  "kubecfg.ksonnet.io/last-applied-configuration",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/**
 * Read a document that is a Secret: `data` is base64, `stringData` is text and wins. No message shows a value.
 *
 * @throws {Malformed} when it is not a Secret, or a value of it cannot be read
 */
export function secretOf({ value, place }: Document): PlainSecret {
  const { apiVersion, kind, metadata = {}, data, stringData, type, immutable } = value;
  if (kind !== "Secret" || apiVersion !== "v1") throw notASecret(value, place);
  if (!isObject(metadata)) throw malformed(place, "its metadata is no object");
  if (type !== undefined && type !== null && typeof type !== "string") {
    throw malformed(place, "its type is no text");
  }
  const { name, namespace, ...others } = metadata;
  return {
    ...(isText(name) ? { name } : {}),
    ...(isText(namespace) ? { namespace } : {}),
    metadata: writtenMetadata(others, place),
    ...(isText(type) ? { type } : {}),
    ...(typeof immutable === "boolean" ? { immutable } : {}),
    values: new Map([
      ...entriesOf(data, "data", place).map(([key, text]) =>
        [key, fromBase64(key, text, place)] as const
      ),
      ...entriesOf(stringData, "stringData", place).map(([key, text]) =>
        [key, new TextEncoder().encode(text)] as const
      ),
    ]),
  };
}

function writtenMetadata(
  metadata: Record<string, unknown>,
  place: string,
): Record<string, unknown> {
  const kept = Object.entries(metadata).filter(([field, value]) =>
    value !== null && !serverFields.includes(field)
  );
  return Object.fromEntries(kept.flatMap(([field, value]) => {
    if (field !== "annotations" && field !== "labels") return [[field, value]];
    const entries = entriesOf(value, `metadata.${field}`, place)
      .filter(([key]) => !plainAnnotations.includes(key));
    return entries.length === 0 ? [] : [[field, Object.fromEntries(entries)]];
  }));
}

function entriesOf(value: unknown, field: string, place: string): [string, string][] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) throw malformed(place, `its ${field} is no object`);
  return Object.entries(value).map(([key, text]) => {
    if (typeof text === "string") return [key, text];
    throw malformed(place, `${field}.${key} is ${kindOf(text)}, wanted a text`, {
      remedy: text === null ? `write "" for an empty value` : "put the value in quotes",
    });
  });
}

function fromBase64(key: string, text: string, place: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    throw malformed(place, `data.${key} is no base64`, {
      remedy: `write base64 under data, or the plain text under stringData`,
    });
  }
}

function notASecret({ apiVersion, kind }: Record<string, unknown>, place: string): Malformed {
  if (kind === "SealedSecret") {
    return new Malformed(`Cannot seal ${place}: it is a SealedSecret, which is sealed already`, {
      remedy:
        "add values to it with --merge-into, bring it to the newest key with --re-encrypt, or open it with --recovery-unseal",
    });
  }
  const found = isText(kind) ? `it is a ${kind} of ${String(apiVersion)}` : "it has no kind";
  return new Malformed(`Cannot seal ${place}: ${found}, wanted a Secret of v1`, {
    remedy: "give a Secret, or seal a bare value with --raw",
  });
}

function malformed(place: string, found: string, details: { remedy?: string } = {}): Malformed {
  return new Malformed(`Cannot read the Secret of ${place}: ${found}`, details);
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  return typeof value === "object" ? "no text" : `a ${typeof value}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
