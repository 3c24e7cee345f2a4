/** A condition of a status. Source: k8s.io/apimachinery, meta/v1 Condition. */
export interface Condition {
  /** What the condition is about, such as `Ready`. */
  type: string;
  /** `True`, `False` or `Unknown`. */
  status: string;
  /** Machine-readable reason; empty when there is none. */
  reason: string;
  /** Readable message; empty when there is none. */
  message: string;
  /** Generation that the condition speaks of. */
  observedGeneration?: number;
  /** RFC 3339 time of the last change, as far as the condition tells. */
  at?: string;
}

const escape = "\u001b";
// Control sequences of terminals. Source: ECMA-48, 5.4.
const terminalCodes = new RegExp(`${escape}\\[[0-?]*[ -/]*[@-~]`, "g");

/** The value at a path, or undefined where the path leaves what is there. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** The text at a path; undefined when there is none or it is empty. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The number at a path, or undefined when it is no finite number. */
export function numberAt(
  value: unknown,
  ...path: readonly (string | number)[]
): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** The list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** All well-formed conditions in an object's status. */
export function conditionsOf(object: unknown): Condition[] {
  return listAt(object, "status", "conditions").flatMap((entry) => {
    const type = textAt(entry, "type");
    const status = textAt(entry, "status");
    if (type === undefined || status === undefined) return [];
    const observedGeneration = numberAt(entry, "observedGeneration");
    const changed = textAt(entry, "lastUpdateTime") ?? textAt(entry, "lastTransitionTime");
    return [{
      type,
      status,
      reason: textAt(entry, "reason") ?? "",
      message: oneLine(textAt(entry, "message") ?? ""),
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
      ...(changed === undefined ? {} : { at: changed }),
    }];
  });
}

/** The condition of a type, if the status has one. */
export function conditionOf(object: unknown, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** A condition's reason and message in one line. */
export function wordsOf(condition: Pick<Condition, "reason" | "message">): string {
  return [condition.reason, condition.message].filter((word) => word !== "").join(": ") ||
    "no reason given";
}

/**
 * A text from the cluster as one line: control characters, which could steer a terminal,
 * and runs of white space become one space; what is longer than `limit` characters is cut.
 */
export function oneLine(text: string, limit = 500): string {
  const line = text
    .replace(terminalCodes, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
