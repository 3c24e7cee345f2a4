import { mapConcurrently } from "../../core/concurrency.ts";
import type { VaultClient } from "../client.ts";
import { kindsInOrder, type SubjectKind, type VaultChange, type VaultPlan } from "./change.ts";
import { planConnection } from "./database.ts";
import type { DesiredVault } from "./desired.ts";
import { planAuthority } from "./pki.ts";
import { planEntries } from "./plan_entries.ts";
import { planAudit, planAuth, planMounts, readMounts } from "./plan_mounts.ts";
import { findUnmanaged, planPurge } from "./purge.ts";
import { planReadWhole, planSeeds } from "./seeds.ts";

/** How a plan is made. */
export interface PlanOptions {
  /** The time now, by which authorities near their end are told. */
  now: Temporal.Instant;
  /** Remove policies, roles and database connections that the platform does not name. @default false */
  purge?: boolean;
  /** Mounts to remove that the platform does not name, with all that is in them: `old-kv`, `auth/userpass`. */
  purgeMounts?: readonly string[];
  /** Ends it early. */
  signal?: AbortSignal;
}

/**
 * Compare what is in a Vault with what is to be there. Only reads; what it says is all that will be done.
 *
 * @throws {VaultError} when the token may not read something, which the message names
 */
export async function planVault(
  client: VaultClient,
  desired: DesiredVault,
  options: PlanOptions,
): Promise<VaultPlan> {
  const { now, signal } = options;
  const live = await readMounts(client, signal);
  const [entries, authorities, connections, seeds, readWhole, unmanaged] = await Promise.all([
    planEntries(client, desired.entries, signal),
    mapConcurrently(
      desired.authorities,
      4,
      (authority) => planAuthority(client, authority, now, signal),
    ),
    mapConcurrently(
      desired.connections,
      4,
      (connection) => planConnection(client, connection, signal),
    ),
    planSeeds(client, desired.seeds, signal),
    planReadWhole(client, desired.readWhole, signal),
    findUnmanaged(client, desired, live, signal),
  ]);
  const purged = planPurge(unmanaged, options);
  const goes = new Set(purged.changes.map(({ kind, name }) => `${kind} ${name}`));
  return {
    changes: [
      ...inOrder([
        ...planAudit(desired.audit, live.audit),
        ...planMounts(desired.mounts, live.mounts),
        ...planAuth(desired.auth, live.auth),
        ...entries,
        ...authorities.map(({ change }) => change),
        ...connections,
        ...seeds.changes,
      ]),
      // Roles before the policies that they name, and those before the mounts that they are in.
      ...inOrder(purged.changes).toReversed(),
    ],
    unmanaged: counted(unmanaged.filter(({ kind, name }) => !goes.has(`${kind} ${name}`))),
    notes: [
      ...authorities.flatMap(({ notes }) => notes),
      ...seeds.notes,
      ...readWhole,
      ...purged.notes,
    ],
  };
}

/** Authorities keep the order among themselves in which one signs the next. */
function inOrder(changes: readonly VaultChange[]): VaultChange[] {
  return changes.toSorted((a, b) => kindsInOrder.indexOf(a.kind) - kindsInOrder.indexOf(b.kind));
}

function counted(things: readonly { kind: SubjectKind }[]): VaultPlan["unmanaged"] {
  const byKind = Map.groupBy(things, ({ kind }) => kind);
  return Object.fromEntries([...byKind].map(([kind, all]) => [kind, all.length]));
}
