import { isMap, isScalar, parseDocument } from "yaml";
import { UsageError } from "../core/errors.ts";
import { closest } from "../core/closest.ts";

/** What becomes of a platform file that serves as a template. */
export interface TemplateChanges {
  /** Name of the new platform. */
  name: string;
  /** Its domain. */
  domain: string;
  /** Environments to keep; all of them when there is none. */
  environments: readonly string[];
}

/**
 * The text of a platform file for another name and domain, with all of its comments. What follows from both is
 * said in the file with `$(name)` and `$(domain)`. Ciphertext of sealed secrets is left out: it was sealed for other names.
 *
 * @throws {UsageError} when the template has no such environment
 */
export function fromTemplate(text: string, changes: TemplateChanges): string {
  const document = parseDocument(text);
  document.set("name", changes.name);
  document.set("domain", changes.domain);
  const environments = document.get("environments");
  if (isMap(environments)) {
    const known = environments.items.map(({ key }) => nameOf(key));
    for (const wanted of changes.environments) refuseUnknown(wanted, known);
    if (changes.environments.length > 0) {
      environments.items = environments.items.filter(({ key }) =>
        changes.environments.includes(nameOf(key))
      );
    }
    for (const { value } of environments.items) {
      // An overlay's domain is the template's own, unless it follows from the file's.
      if (isMap(value) && !String(value.get("domain")).includes("$(")) value.delete("domain");
    }
  }
  unseal(document.get("sealedSecrets"));
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function refuseUnknown(wanted: string, known: readonly string[]): void {
  if (known.includes(wanted)) return;
  const guess = closest(wanted, known);
  throw new UsageError(
    `Cannot take environment "${wanted}": the template has ${known.join(", ")}`,
    {
      remedy: `name one of them with --env${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    },
  );
}

function unseal(section: unknown): void {
  if (!isMap(section)) return;
  for (const { value: secret } of section.items) {
    const keys = isMap(secret) ? secret.get("keys") : undefined;
    if (!isMap(keys)) continue;
    for (const { key } of keys.items) keys.set(key, null);
  }
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
