import { fieldManager } from "../core/labels.ts";
import type { StatusError } from "../core/status_error.ts";

/** Fields that other managers hold, as an apply that was not forced found them. */
export interface Conflict {
  /** Manager's name, such as `kubectl-edit` or `argocd-controller`. */
  manager: string;
  /** Paths of the fields, such as `.spec.replicas`. */
  fields: string[];
}

/**
 * Managers that are people at work rather than controllers: what they set is
 * drift, and an apply takes it back. `before-first-apply` is what the API server calls
 * fields that were there before managers were recorded.
 */
const handTools = [
  /^kubectl(-.*)?$/,
  /^slipway-scale$/,
  /^(k9s|lens|freelens|headlamp|curl|node-fetch|Mozilla)$/i,
  /^(kubernetes-)?dashboard$/,
  /^before-first-apply$/,
];

/**
 * Whether fields of this manager are taken over without being asked. Slipway itself is one: a script of its library
 * that creates or patches an object holds the fields by another operation than an apply.
 */
export function isHandTool(manager: string): boolean {
  return manager === fieldManager || handTools.some((pattern) => pattern.test(manager));
}

/**
 * The conflicts that a 409 answer to a server-side apply names, one for each manager.
 * Empty when the answer is no field conflict. Source: k8s.io/apimachinery, util/managedfields/internal/conflict.go.
 */
export function conflictsOf(error: StatusError): Conflict[] {
  const byManager = new Map<string, string[]>();
  for (const cause of error.status.details?.causes ?? []) {
    if (cause.reason !== "FieldManagerConflict") continue;
    const manager = /"([^"]+)"/.exec(cause.message ?? "")?.[1] ?? "an unnamed manager";
    const fields = byManager.get(manager) ?? [];
    fields.push(cause.field ?? "an unnamed field");
    byManager.set(manager, fields);
  }
  return [...byManager].map(([manager, fields]) => ({ manager, fields }));
}

/** Conflicts as one clause: `argocd-controller holds .spec.replicas, .spec.paused`. */
export function formatConflicts(conflicts: readonly Conflict[]): string {
  return conflicts.map(({ manager, fields }) => `${manager} holds ${fields.join(", ")}`).join("; ");
}
