/**
 * The document that results when a patch is merged into another: maps merge key by key,
 * null deletes a key, all else (arrays too) replaces. Neither argument is changed.
 * Source: RFC 7386, section 2.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result = new Map(isMap(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  // Not by assignment: a key named __proto__ must stay a key.
  return Object.fromEntries(result);
}

/** Whether a JSON value is an object, and neither an array nor null. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
