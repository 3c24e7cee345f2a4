import type { Emit } from "../../core/events.ts";
import { ExitCode, messageOf, SlipwayError } from "../../core/errors.ts";
import type { VaultClient } from "../client.ts";
import { subjectOfChange, type VaultAct, type VaultChange, type VaultPlan } from "./change.ts";
import { writeConnection } from "./database.ts";
import { makeAuthority } from "./pki.ts";
import { type SeedOptions, seedSecret } from "./seed.ts";
import { whenUpgraded } from "../kv.ts";
import { listed } from "./seeds.ts";

/** What has been done with a Vault so far. */
export interface VaultResult {
  /** How many things were made. */
  created: number;
  /** How many were changed. */
  configured: number;
  /** How many were removed. */
  pruned: number;
  /** How many are as they should be. */
  unchanged: number;
  /** Keys of secrets that nobody gave a value for, as `secret/shop/database PGUSER`. */
  left: string[];
}

/** A result before anything was done. */
export function emptyVaultResult(): VaultResult {
  return { created: 0, configured: 0, pruned: 0, unchanged: 0, left: [] };
}

/** What acting on a plan needs besides the Vault. */
export interface ActOptions extends SeedOptions {
  /** Receives each change that was made. */
  emit: Emit;
  /** Counts while it goes on, so that it is known where it ended early. */
  result: VaultResult;
}

/**
 * Do what a plan says, one change after the other: later ones stand on earlier ones. Interrupted, the next run goes
 * on from there.
 *
 * @throws {SlipwayError} at the first change that fails; its exit code is 3 when something was done before
 */
export async function actOnVault(
  client: VaultClient,
  plan: VaultPlan,
  options: ActOptions,
): Promise<void> {
  const { result, signal, emit } = options;
  for (const change of plan.changes) {
    signal?.throwIfAborted();
    if (change.act === undefined) {
      result.unchanged++;
      continue;
    }
    const action = change.action as "created" | "configured" | "pruned";
    try {
      const because = await act(client, change.act, change.because ?? "", options);
      if (because === undefined) continue;
      result[action]++;
      emit({
        type: "change",
        phase: "apply",
        action,
        subject: subjectOfChange(change),
        ...(because === "" ? {} : { because }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      emit({
        type: "change",
        phase: "apply",
        action: "failed",
        subject: subjectOfChange(change),
        because: messageOf(error),
      });
      throw failure(change, error, result);
    }
  }
}

/** What was done, as far as there is more to say than the plan has; undefined where nothing was. */
async function act(
  client: VaultClient,
  act: VaultAct,
  because: string,
  options: ActOptions,
): Promise<string | undefined> {
  const { signal, result } = options;
  switch (act.do) {
    case "write":
      for (const { method, path, body } of act.requests) {
        await whenUpgraded(() => client.request(method, path, { body, signal }), signal);
      }
      return because;
    case "authority":
      await makeAuthority(client, act.authority, { keyId: act.keyId, signal });
      return because;
    case "connection":
      await writeConnection(client, act.connection, options);
      return because;
    case "seed": {
      const { written, left } = await seedSecret(client, act.seed, options);
      const name = `${act.seed.mount}/${act.seed.path}`;
      result.left.push(...left.map((key) => `${name} ${key}`));
      if (written.length === 0) return undefined;
      const all = Object.keys(act.seed.keys).length;
      return left.length === 0
        ? `${written.length} of ${all} keys seeded`
        : `${written.length} of ${all} keys seeded, ${listed(left)} missing`;
    }
  }
}

function failure(change: VaultChange, error: unknown, result: VaultResult): SlipwayError {
  const known = error instanceof SlipwayError ? error : undefined;
  const isPartly = result.created + result.configured + result.pruned > 0;
  return new SlipwayError(`Cannot bring ${subjectOfChange(change)} about: ${messageOf(error)}`, {
    remedy: known?.remedy ?? "mend what the message names, and run the same command again",
    retryable: known?.retryable,
    exitCode: isPartly ? ExitCode.partly : ExitCode.failed,
    cause: error,
  });
}
