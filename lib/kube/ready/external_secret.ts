import { placeholderLabel } from "../../core/labels.ts";
import type { KubeObject } from "../../core/object.ts";
import { at, conditionOf, listAt, textAt, wordsOf } from "./fields.ts";
import { failing, ready, type Related, type Verdict, waiting } from "./verdict.ts";

/**
 * An ExternalSecret is ready when its Secret was written from the present generation, and, where somebody looked, has
 * exactly the keys that it declares. `syncedResourceVersion` begins with the generation that was synced.
 * Source: External Secrets Operator, apis/externalsecrets/v1.
 */
export function externalSecretReady(externalSecret: KubeObject, related: Related): Verdict {
  const condition = conditionOf(externalSecret, "Ready");
  if (condition === undefined) return waiting("not seen by External Secrets yet");
  if (condition.status === "False") return failing(`is not synced: ${wordsOf(condition)}`);
  if (condition.status !== "True") return waiting(wordsOf(condition));
  const version = textAt(externalSecret, "status", "syncedResourceVersion");
  const synced = Number(/^(\d+)-/.exec(version ?? "")?.[1] ?? NaN);
  const generation = externalSecret.metadata?.generation;
  if (typeof generation === "number" && synced < generation) {
    return waiting(`generation ${generation} is not synced yet`);
  }
  if (related.secret === undefined || !makesSecret(externalSecret)) {
    return ready(wordsOf(condition));
  }
  return secretReady(externalSecret, related.secret) ?? ready(wordsOf(condition));
}

/** The name of an ExternalSecret's Secret. Source: External Secrets Operator, ExternalSecretTarget. */
export function targetSecretOf(externalSecret: KubeObject): string {
  return textAt(externalSecret, "spec", "target", "name") ??
    textAt(externalSecret, "metadata", "name") ?? "";
}

/** What an ExternalSecret says of the keys of its Secret. */
export interface DeclaredKeys {
  /** Keys that it has. */
  keys: readonly string[];
  /** Whether it has no others. */
  only: boolean;
}

/**
 * The keys that an ExternalSecret declares: those of its template where it has one, else those that it fetches.
 * Source: External Secrets Operator, "Advanced Templating" and ExternalSecretTemplate's mergePolicy.
 */
export function declaredKeysOf(externalSecret: KubeObject): DeclaredKeys {
  const template = at(externalSecret, "spec", "target", "template");
  const templated = Object.keys(at(template, "data") ?? {});
  const fetched = listAt(externalSecret, "spec", "data")
    .flatMap((entry) => textAt(entry, "secretKey") ?? []);
  const merges = textAt(template, "mergePolicy") === "Merge";
  const isOpen = listAt(externalSecret, "spec", "dataFrom").length > 0 ||
    listAt(template, "templateFrom").length > 0;
  const keys = templated.length === 0 ? fetched : merges ? [...fetched, ...templated] : templated;
  const ownsAll = ["Owner", "Orphan"].includes(creationPolicyOf(externalSecret));
  return { keys: [...new Set(keys)], only: !isOpen && ownsAll };
}

function secretReady(externalSecret: KubeObject, secret: KubeObject | null): Verdict | undefined {
  const name = targetSecretOf(externalSecret);
  if (secret === null) return waiting(`its Secret ${name} does not exist`);
  if (textAt(secret, "metadata", "labels", placeholderLabel) !== undefined) {
    return waiting(`its Secret ${name} still holds placeholders`);
  }
  const found = Object.keys(at(secret, "data") ?? {});
  const { keys, only } = declaredKeysOf(externalSecret);
  const missing = keys.filter((key) => !found.includes(key));
  if (missing.length > 0) return waiting(`its Secret ${name} lacks ${missing.join(", ")}`);
  const others = only ? found.filter((key) => !keys.includes(key)) : [];
  return others.length === 0
    ? undefined
    : waiting(`its Secret ${name} has ${others.join(", ")}, which is not declared`);
}

function makesSecret(externalSecret: KubeObject): boolean {
  return creationPolicyOf(externalSecret) !== "None";
}

function creationPolicyOf(externalSecret: KubeObject): string {
  return textAt(externalSecret, "spec", "target", "creationPolicy") ?? "Owner";
}
