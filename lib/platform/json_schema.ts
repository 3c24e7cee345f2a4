import { isMap } from "./overlay.ts";

type Schema = Record<string, unknown>;

/** The JSON Schema of platform files, by which editors complete and check them. Source: JSON Schema 2020-12. */
export async function platformJsonSchema(): Promise<Record<string, unknown>> {
  const { z } = await import("zod");
  const { environmentName, platformSchema } = await import("./schema/platform.ts");
  const whole = z.toJSONSchema(platformSchema, { io: "input", reused: "ref" });
  const { $schema, $defs, ...platform } = withVariables(withoutRequired(whole)) as Schema;
  const { $schema: _same, ...names } = z.toJSONSchema(environmentName, { io: "input" }) as Schema;
  const overlay = partial(platform) as Schema;
  // A platform keeps its name in all environments.
  const { name: _fixed, ...overlaid } = overlay["properties"] as Schema;
  return {
    $schema,
    title: "Slipway platform",
    ...platform,
    properties: {
      ...platform["properties"] as Schema,
      environments: {
        description: "What differs by environment, merged over the rest (RFC 7386); null deletes",
        type: "object",
        minProperties: 1,
        propertyNames: names,
        additionalProperties: { anyOf: [{ ...overlay, properties: overlaid }, { type: "null" }] },
      },
    },
    required: ["name", "environments"],
    $defs: {
      ...$defs as Schema,
      ...Object.fromEntries(
        Object.entries($defs as Schema).map(([name, schema]) => [
          `${name}${overlaySuffix}`,
          partial(schema),
        ]),
      ),
    },
  };
}

/** Environments may give what the rest leaves out, at any depth; whether all is there is known only once they are merged. */
function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (!isMap(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      // A property may have this name too; the list of those that must be there is a list.
      .filter(([key, value]) => key !== "required" || !Array.isArray(value))
      .map(([key, value]) => [key, withoutRequired(value)]),
  );
}

/** Text that has a variable is of its form only once that is filled in. */
function withVariables(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withVariables);
  if (!isMap(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "pattern" && typeof value === "string"
        ? `(?:${value})|\\$\\((?:name|environment|domain)\\)`
        : withVariables(value),
    ]),
  );
}

const overlaySuffix = "-overlay";

/** What a merge patch for documents of a schema may look like: nothing is required, null deletes. */
function partial(schema: unknown): unknown {
  if (!isMap(schema)) return schema;
  const { required: _none, minProperties: _any, default: _merged, ...rest } = schema;
  const result: Schema = { ...rest };
  if (typeof rest["$ref"] === "string") result["$ref"] = `${rest["$ref"]}${overlaySuffix}`;
  if (isMap(rest["properties"])) {
    result["properties"] = Object.fromEntries(
      Object.entries(rest["properties"]).map(([key, value]) => [key, orNull(value)]),
    );
  }
  if (isMap(rest["additionalProperties"])) {
    result["additionalProperties"] = orNull(rest["additionalProperties"]);
  }
  if (Array.isArray(rest["anyOf"])) result["anyOf"] = rest["anyOf"].map(partial);
  if (Array.isArray(rest["oneOf"])) {
    delete result["oneOf"];
    // Alternatives that are told apart by a word, which a patch may leave out: then several can fit.
    result["anyOf"] = rest["oneOf"].map(partial);
  }
  return result;
}

function orNull(schema: unknown): Schema {
  return { anyOf: [partial(schema), { type: "null" }] };
}
