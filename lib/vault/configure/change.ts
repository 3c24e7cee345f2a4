import type { VaultMethod } from "../client.ts";
import type { DesiredAuthority, DesiredConnection, DesiredSeed, EntryKind } from "./desired.ts";

/** What kinds of things a plan speaks of. */
export type SubjectKind =
  | EntryKind
  | "audit device"
  | "secrets engine"
  | "auth method"
  | "authority"
  | "secret"
  | "database connection";

/**
 * The order in which things are made: audit first, so that all else is on record; then what others stand on. Secrets
 * come after the roles whose ids they hold, databases after the secrets that they log in with.
 */
export const kindsInOrder: readonly SubjectKind[] = [
  "audit device",
  "secrets engine",
  "auth method",
  "policy",
  "KV settings",
  "Transit key",
  "authority",
  "PKI settings",
  "PKI role",
  "Kubernetes settings",
  "Kubernetes role",
  "AppRole",
  "token role",
  "secret",
  "database connection",
  "database role",
];

/** What is to become of one thing in a Vault. Never holds a secret. */
export interface VaultChange {
  /** What it is. */
  kind: SubjectKind;
  /** How people call it. */
  name: string;
  /** What happens to it. */
  action: "created" | "configured" | "unchanged" | "pruned" | "kept" | "conflicted";
  /** Why, in one line. */
  because?: string;
  /** What to do about a conflict. */
  remedy?: string;
  /** What changes, one readable line each. */
  diff: readonly string[];
  /** How it is done; absent where nothing is. */
  act?: VaultAct;
}

/** One request that writes. */
export interface VaultWrite {
  /** Method. */
  method: VaultMethod;
  /** Path in the API. */
  path: string;
  /** Body; never with a secret. */
  body?: unknown;
}

/** How a change is made. */
export type VaultAct =
  | { do: "write"; requests: readonly VaultWrite[] }
  | { do: "authority"; authority: DesiredAuthority; keyId?: string }
  | { do: "seed"; seed: DesiredSeed; missing: readonly string[] }
  | { do: "connection"; connection: DesiredConnection };

/** Something the reader of a plan should know. */
export interface PlanNote {
  /** One sentence without a final period. */
  message: string;
  /** What to do about it. */
  remedy?: string;
}

/** What is to be done with a Vault. */
export interface VaultPlan {
  /** Changes, in the order in which they are made. */
  changes: readonly VaultChange[];
  /** What the platform does not name, and is left alone: how many of each kind. */
  unmanaged: Readonly<Partial<Record<SubjectKind, number>>>;
  /** What the reader should know besides. */
  notes: readonly PlanNote[];
}

/** How messages name what a change is about: `policy shop`, `secret secret/shop/database`. */
export function subjectOfChange({ kind, name }: Pick<VaultChange, "kind" | "name">): string {
  return `${kind} ${name}`;
}

/** Whether nothing is to be done. */
export function isVaultConverged({ changes }: VaultPlan): boolean {
  return changes.every(({ action }) => action === "unchanged" || action === "kept");
}
