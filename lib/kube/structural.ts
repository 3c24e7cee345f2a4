import type { Ajv, ErrorObject } from "ajv";
import { groupOf, type KubeObject, type Manifest } from "../core/object.ts";

/** A kind that a CustomResourceDefinition of the same render will serve. */
export interface RenderedKind {
  /** Whether its objects live in namespaces. */
  namespaced: boolean;
  /** What is wrong with an object by the definition's schema; empty when nothing is. Each line is `path: fault`. */
  validate(object: KubeObject): string[];
}

/** A schema as definitions hold it. Source: apiextensions.k8s.io/v1 JSONSchemaProps. */
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  nullable?: boolean;
  format?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  not?: Schema;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
  [keyword: string]: unknown;
}

interface Definition extends KubeObject {
  spec: {
    group: string;
    scope: "Namespaced" | "Cluster";
    names: { kind: string };
    versions: { name: string; served: boolean; schema?: { openAPIV3Schema?: Schema } }[];
  };
}

/**
 * The kinds that the CustomResourceDefinitions among some manifests will serve, by `apiVersion/Kind`.
 * Validation covers types, required and unknown fields, enumerations, patterns and bounds; rules written in
 * CEL are the API server's alone.
 */
export function renderedKinds(manifests: readonly Manifest[]): Map<string, RenderedKind> {
  const kinds = new Map<string, RenderedKind>();
  for (const manifest of manifests) {
    if (!isDefinition(manifest)) continue;
    const { group, names, scope, versions } = manifest.spec;
    for (const version of versions) {
      if (!version.served) continue;
      kinds.set(`${group}/${version.name}/${names.kind}`, {
        namespaced: scope === "Namespaced",
        validate: validatorOf(version.schema?.openAPIV3Schema ?? {}),
      });
    }
  }
  return kinds;
}

let loadedAjv: typeof Ajv | undefined;

/** Load what {@linkcode RenderedKind.validate} needs; call once before. Kept out of start-up, which it would slow down. */
export async function loadValidator(): Promise<void> {
  loadedAjv ??= (await import("ajv")).Ajv;
}

function validatorOf(schema: Schema): (object: KubeObject) => string[] {
  return (object) => {
    if (loadedAjv === undefined) {
      throw new Error("loadValidator() must be called before validate()");
    }
    const { metadata: _checkedByTheServer, ...rest } = object;
    const validate = new loadedAjv({
      allErrors: true,
      strict: false,
      // The formats of OpenAPI (int32, date-time) are checked by the server only.
      validateFormats: false,
      // Patterns are Go's, which escape more than JavaScript's Unicode mode allows.
      unicodeRegExp: false,
      // The schema is used once, so that whatever prepares it costs more than it gives.
      code: { optimize: false },
      validateSchema: false,
      meta: false,
    }).compile(toJsonSchema(schema, [rest], true));
    return validate(rest) ? [] : readable(validate.errors ?? []);
  };
}

/**
 * The JSON Schema that refuses what a structural schema with strict field validation refuses. Only what is there is
 * described: most of a large definition says nothing about an object, and would take seconds to compile.
 *
 * @param values all that the schema is for
 */
function toJsonSchema(
  schema: Schema,
  values: readonly unknown[],
  isRoot = false,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword.startsWith("x-kubernetes-") || keyword === "default" || keyword === "description") {
      continue;
    }
    if (keyword === "pattern" && !isReadable(value)) continue;
    result[keyword] = value;
  }
  if (schema.properties !== undefined) {
    result["properties"] = Object.fromEntries(
      Object.entries(schema.properties).map(([key, child]) => {
        const children = values.filter((value) => isMap(value) && Object.hasOwn(value, key))
          .map((value) => (value as Record<string, unknown>)[key]);
        return [key, children.length === 0 ? {} : toJsonSchema(child, children)];
      }),
    );
  }
  if (isRoot) {
    result["properties"] = {
      ...result["properties"] as Record<string, unknown> | undefined,
      apiVersion: {},
      kind: {},
    };
    result["required"] = (schema["required"] as string[] | undefined)?.filter((key) =>
      key !== "metadata"
    ) ?? [];
  }
  if (typeof schema.additionalProperties === "object") {
    const named = schema.properties ?? {};
    const others = values.filter(isMap).flatMap((value) =>
      Object.entries(value).filter(([key]) => !Object.hasOwn(named, key)).map(([, child]) => child)
    );
    result["additionalProperties"] = toJsonSchema(schema.additionalProperties, others);
  } else if (isClosed(schema)) {
    result["additionalProperties"] = false;
  }
  if (schema.items !== undefined) {
    result["items"] = toJsonSchema(schema.items, values.filter(Array.isArray).flat());
  }
  if (schema["x-kubernetes-int-or-string"] === true) {
    result["type"] = ["integer", "string"];
    // The usual anyOf of integer and string beside it says the same again, and clutters errors.
    delete result["anyOf"];
  }
  if (schema.nullable === true && typeof result["type"] === "string") {
    result["type"] = [result["type"], "null"];
  }
  delete result["nullable"];
  return result;
}

/** Whether JavaScript can read a pattern of Go's; the others, such as those with `(?i)`, are left to the server. */
function isReadable(pattern: unknown): boolean {
  try {
    new RegExp(String(pattern));
    return true;
  } catch {
    return false;
  }
}

function isClosed(schema: Schema): boolean {
  return schema.properties !== undefined &&
    schema["x-kubernetes-preserve-unknown-fields"] !== true &&
    schema["x-kubernetes-embedded-resource"] !== true && schema.additionalProperties === undefined;
}

function readable(errors: ErrorObject[]): string[] {
  return errors.map((error) => {
    const path =
      error.instancePath.replaceAll(/\/(\d+)(?=\/|$)/g, "[$1]").replaceAll("/", ".").replace(
        /^\./,
        "",
      ) ||
      "the object";
    if (error.keyword === "additionalProperties") {
      return `${path}: unknown field "${error.params["additionalProperty"]}"`;
    }
    if (error.keyword === "enum") {
      return `${path}: must be one of ${(error.params["allowedValues"] as unknown[]).join(", ")}`;
    }
    return `${path}: ${error.message}`;
  });
}

function isDefinition(manifest: Manifest): manifest is Definition {
  return manifest.kind === "CustomResourceDefinition" &&
    groupOf(manifest.apiVersion) === "apiextensions.k8s.io";
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
