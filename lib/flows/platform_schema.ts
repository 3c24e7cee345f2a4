import { platformJsonSchema } from "../platform/json_schema.ts";

/** Where the JSON Schema of platform files is kept, from the project's folder. */
export const platformSchemaPath = "manifests/platform.schema.json";

/** The text that the file at {@linkcode platformSchemaPath} should have. */
export async function platformSchemaText(): Promise<string> {
  return `${JSON.stringify(await platformJsonSchema(), null, 2)}\n`;
}
