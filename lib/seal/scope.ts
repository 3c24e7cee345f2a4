import { UsageError } from "../core/errors.ts";
import { Malformed } from "./errors.ts";

/** Where a sealed value may be opened: under its own name only, anywhere in its namespace, or anywhere in the cluster. */
export type Scope = "strict" | "namespace-wide" | "cluster-wide";

/** All scopes, the narrowest first. */
export const scopes: readonly Scope[] = ["strict", "namespace-wide", "cluster-wide"];

/** Annotations that widen the scope. Source: sealed-secrets, pkg/apis/sealedsecrets/v1alpha1. */
export const scopeAnnotations = {
  /** `"true"` makes the scope namespace-wide. */
  namespaceWide: "sealedsecrets.bitnami.com/namespace-wide",
  /** `"true"` makes the scope cluster-wide, whatever else is said. */
  clusterWide: "sealedsecrets.bitnami.com/cluster-wide",
} as const;

/** What a sealed value can be bound to. */
export interface SealedName {
  /** Name of the Secret. */
  name?: string;
  /** Namespace of the Secret. */
  namespace?: string;
}

/** Read a scope by its name. @throws {UsageError} when there is none of that name */
export function parseScope(text: string): Scope {
  const scope = scopes.find((known) => known === text);
  if (scope !== undefined) return scope;
  throw new UsageError(`Cannot read the scope "${text}": wanted one of ${scopes.join(", ")}`);
}

/** The scope that annotations tell; strict without any. */
export function scopeOf(annotations: Readonly<Record<string, string>> | undefined): Scope {
  if (annotations?.[scopeAnnotations.clusterWide] === "true") return "cluster-wide";
  if (annotations?.[scopeAnnotations.namespaceWide] === "true") return "namespace-wide";
  return "strict";
}

/** The same annotations, saying this scope; undefined when none are left. */
export function withScope(
  annotations: Readonly<Record<string, string>> | undefined,
  scope: Scope,
): Record<string, string> | undefined {
  const {
    [scopeAnnotations.clusterWide]: _clusterWide,
    [scopeAnnotations.namespaceWide]: _namespaceWide,
    ...others
  } = annotations ?? {};
  const all = {
    ...others,
    ...(scope === "cluster-wide" ? { [scopeAnnotations.clusterWide]: "true" } : {}),
    ...(scope === "namespace-wide" ? { [scopeAnnotations.namespaceWide]: "true" } : {}),
  };
  return Object.keys(all).length === 0 ? undefined : all;
}

/**
 * Check that there can be a Secret of this name: a mistyped one is found out by the API server only, long after.
 * Source: RFC 1123, as Kubernetes reads names of Secrets and of namespaces.
 *
 * @throws {Malformed} when there cannot
 */
export function checkSealedName({ name, namespace }: SealedName, place: string): void {
  const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  const forms = [
    ["name", name, 253, new RegExp(`^${label}(\\.${label})*$`)],
    ["namespace", namespace, 63, new RegExp(`^${label}$`)],
  ] as const;
  for (const [what, text, most, form] of forms) {
    if (text === undefined || (text.length <= most && form.test(text))) continue;
    throw new Malformed(`Cannot seal ${place}: no Secret can have the ${what} "${text}"`, {
      remedy: `write up to ${most} lower-case letters, digits${
        what === "name" ? ", hyphens and dots" : " and hyphens"
      }`,
    });
  }
}

/**
 * The label that binds a value to its scope: `namespace/name`, `namespace`, or nothing.
 * Source: sealed-secrets, EncryptionLabel.
 *
 * @throws {UsageError} when the scope needs a name or a namespace that is not there
 */
export function labelOf({ name, namespace }: SealedName, scope: Scope): string {
  if (scope === "cluster-wide") return "";
  if (namespace === undefined || namespace === "") {
    throw new UsageError(`Cannot seal: the scope ${scope} needs a namespace, and none is given`, {
      remedy: "name it with --namespace or in metadata.namespace, or choose --scope cluster-wide",
    });
  }
  if (scope === "namespace-wide") return namespace;
  if (name === undefined || name === "") {
    throw new UsageError(`Cannot seal: the scope ${scope} needs a name, and none is given`, {
      remedy: "name it with --name or in metadata.name, or choose --scope namespace-wide",
    });
  }
  return `${namespace}/${name}`;
}
