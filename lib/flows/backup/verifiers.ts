import type { Verifier } from "./verifier.ts";

/**
 * What restores backups of a kind for a proof; undefined for a kind that nothing here can restore without its own
 * system.
 */
export async function verifierOf(kind: string): Promise<Verifier | undefined> {
  return await verifiers[kind]?.();
}

/** The task that restores backups of a kind, such as `restore-postgres`; undefined for a kind that has none here. */
export function restoreTaskOf(kind: string): string | undefined {
  return restoreTasks[kind];
}

/** What somebody does to know that backups of a kind can be restored. */
export function howToProve(kind: string): string {
  return `restore one with ${kind in verifiers ? "verify-backups" : restoreTaskOf(kind) ?? "care"}`;
}

const restoreTasks: Readonly<Record<string, string>> = {
  postgres: "restore-postgres",
  mongodb: "restore-mongodb",
  clickhouse: "restore-clickhouse",
  volume: "restore-volume",
  vault: "restore-vault",
  "sealing-keys": "sealing-keys restore",
};

/** Loaded only where a store has backups of that kind. */
const verifiers: Readonly<Record<string, () => Promise<Verifier>>> = {
  postgres: async () => (await import("../postgres/verify.ts")).verifyPostgres,
};
