import { UsageError } from "../../core/errors.ts";

/** A YAML mapping whose fields nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * A value as a mapping.
 *
 * @throws {UsageError} when it is none
 */
export function asFields(value: unknown, file: string, path: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UsageError(
    `Cannot read the kubeconfig ${file}: ${path}: found ${kindOf(value)}, wanted a mapping`,
  );
}

/**
 * The text of a field; undefined when it is absent, null or empty, which kubeconfigs do not tell apart.
 *
 * @throws {UsageError} when it is something else. The message never quotes the value, which may be a secret.
 */
export function textOf(fields: Fields, key: string, file: string, path = ""): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw new UsageError(
    `Cannot read the kubeconfig ${file}: ${path === "" ? key : `${path}.${key}`}: found ${
      kindOf(value)
    }, wanted a text`,
    { remedy: "put the value in quotes" },
  );
}

/**
 * The texts of a field that is a list; empty when it is absent or null.
 *
 * @throws {UsageError} when it is something else
 */
export function textsOf(fields: Fields, key: string, file: string, path: string): string[] {
  const value = fields[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new UsageError(
    `Cannot read the kubeconfig ${file}: ${path}.${key}: wanted a list of texts`,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  return Array.isArray(value)
    ? "a list"
    : `a ${typeof value === "object" ? "mapping" : typeof value}`;
}
