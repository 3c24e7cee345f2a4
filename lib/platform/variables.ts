import type { Mistake, Path } from "./mistake.ts";
import { isMap } from "./overlay.ts";

/** What the variables of a platform file stand for. */
export interface Variables {
  /** Name of the platform. */
  name: string;
  /** The environment. */
  environment: string;
  /** Domain of the platform in this environment. */
  domain: string;
}

const variable = /\$\((name|environment|domain)\)/g;

/**
 * The variables of a document that an environment was merged into. A domain of the environment's own may say
 * `$(domain)` for the one that the document has without it: `staging.$(domain)`.
 */
export function variablesOf(document: unknown, environment: string, base?: unknown): Variables {
  const { name, domain } = isMap(document) ? document : {};
  const known = { name: String(name ?? ""), environment, domain: "" };
  const outer = isMap(base) && base["domain"] !== domain
    ? variablesOf(base, environment).domain
    : "";
  return { ...known, domain: fillText(String(domain ?? ""), { ...known, domain: outer }) };
}

/** Put names in place of `$(name)`, `$(environment)` and `$(domain)`; any other `$(…)` stays. */
export function fillText(text: string, variables: Variables): string {
  return text.replaceAll(variable, (_all, name: keyof Variables) => variables[name]);
}

/** Keys that a document has twice once its variables are filled in. */
export function doubleKeys(value: unknown, variables: Variables, path: Path = []): Mistake[] {
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => doubleKeys(one, variables, [...path, index]));
  }
  if (!isMap(value)) return [];
  const seen = new Set<string>();
  return Object.entries(value).flatMap(([key, field]) => {
    const filled = fillText(key, variables);
    const at = [...path, filled];
    const message = `stands twice for environment ${variables.environment}, expected once: ` +
      `${key} is another key's name there`;
    const mistakes = seen.has(filled) ? [{ path: at, message, atKey: true }] : [];
    seen.add(filled);
    return [...mistakes, ...doubleKeys(field, variables, at)];
  });
}

/** A document with its variables filled in, in keys as in values. */
export function fillIn(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") return fillText(value, variables);
  if (Array.isArray(value)) return value.map((one) => fillIn(one, variables));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      fillText(key, variables),
      fillIn(field, variables),
    ]),
  );
}
