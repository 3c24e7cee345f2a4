import { type Document, isObject } from "./objects.ts";
import { Malformed } from "./errors.ts";

/** Group and version of SealedSecrets. Source: sealed-secrets, pkg/apis/sealedsecrets/v1alpha1. */
export const sealedApiVersion = "bitnami.com/v1alpha1";

/** What the Secret will be, besides its values. */
export interface SecretTemplate {
  /** Labels, annotations and other metadata of the Secret. */
  metadata?: Record<string, unknown>;
  /** Type, such as `kubernetes.io/tls`. */
  type?: string;
  /** Whether the Secret may not be changed once it is there. */
  immutable?: boolean;
  /** Further values as Go templates, which the controller fills from the opened ones. */
  data?: Record<string, string>;
  /** All else. */
  [field: string]: unknown;
}

/** Metadata of a SealedSecret. */
export interface SealedMetadata {
  /** Name, of the Secret too. */
  name: string;
  /** Namespace, of the Secret too. */
  namespace?: string;
  /** Annotations; two of them tell the scope. */
  annotations?: Record<string, string>;
  /** Labels. */
  labels?: Record<string, string>;
  /** All else. */
  [field: string]: unknown;
}

/** A SealedSecret. */
export interface SealedSecret {
  /** `bitnami.com/v1alpha1`. */
  apiVersion: typeof sealedApiVersion;
  /** `SealedSecret`. */
  kind: "SealedSecret";
  /** Name, namespace and scope. */
  metadata: SealedMetadata;
  /** What is sealed. */
  spec: {
    /** Sealed values by key. */
    encryptedData: Record<string, string>;
    /** What the Secret will be, besides its values. */
    template?: SecretTemplate;
    /** All else. */
    [field: string]: unknown;
  };
  /** All else, such as `status`. */
  [field: string]: unknown;
}

/** Whether a document says that it is a SealedSecret. */
export function isSealedSecret({ value }: Document): boolean {
  return value["kind"] === "SealedSecret" && value["apiVersion"] === sealedApiVersion;
}

/**
 * Read a document that is a SealedSecret. The value is the document's own; what is not known is kept.
 *
 * @throws {Malformed} when it is none, or is not laid out as one
 */
export function sealedSecretOf(document: Document): SealedSecret {
  const { value, place } = document;
  if (!isSealedSecret(document)) {
    const found = value["kind"] === undefined ? "it has no kind" : `it is a ${value["kind"]}`;
    throw new Malformed(`Cannot read ${place}: ${found}, wanted a SealedSecret`, {
      remedy: `give a SealedSecret of ${sealedApiVersion}`,
    });
  }
  const { metadata, spec } = value;
  if (!isObject(metadata) || typeof metadata["name"] !== "string" || metadata["name"] === "") {
    throw malformed(place, "it has no metadata.name");
  }
  if (!isObject(spec)) throw malformed(place, "it has no spec");
  const { encryptedData = {}, data, template } = spec;
  if (data !== undefined && data !== null) {
    throw malformed(
      place,
      "it holds one blob in spec.data, which today's controllers do not open",
      {
        remedy: "seal its values again",
      },
    );
  }
  if (!isObject(encryptedData ?? {})) throw malformed(place, "spec.encryptedData is no object");
  for (const [key, sealed] of Object.entries(encryptedData ?? {})) {
    if (typeof sealed === "string") continue;
    throw malformed(place, `spec.encryptedData.${key} is no text`);
  }
  if (template !== undefined && template !== null && !isObject(template)) {
    throw malformed(place, "spec.template is no object");
  }
  return { ...value, spec: { ...spec, encryptedData: encryptedData ?? {} } } as SealedSecret;
}

function malformed(place: string, found: string, details: { remedy?: string } = {}): Malformed {
  return new Malformed(`Cannot read the SealedSecret of ${place}: ${found}`, details);
}
