import { TimedOut } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import { formatDuration } from "../../core/units.ts";
import type { VaultClient } from "../client.ts";
import { hasProblem } from "../errors.ts";
import { sealStatus } from "../status.ts";

/** Path in the token's own cubbyhole, which goes when all that is in Vault is replaced. */
const markerPath = "cubbyhole/slipway-restore";

/** Options of a restore. */
export interface RestoreOptions {
  /** Ends the waiting. */
  signal: AbortSignal;
  /** How long it may take, in milliseconds. @default 600_000 */
  timeoutMs?: number;
}

/** How long is waited between two looks, in milliseconds: Vault cannot tell by itself. */
const lookMs = 50;

/**
 * Replace all that is in a Vault by a snapshot, also one of another Vault, and wait until that is done: Vault answers
 * the request before it begins, and not at all while it is at it. Afterwards it is sealed, unless the snapshot's own
 * seal opens it. Needs a root token. Source: Vault, /sys/storage/raft/snapshot-force.
 *
 * @throws {TimedOut} when Vault does not get done with it
 */
export async function forceSnapshot(
  client: VaultClient,
  snapshot: Uint8Array<ArrayBuffer>,
  { signal, timeoutMs = 600_000 }: RestoreOptions,
): Promise<{ sealed: boolean }> {
  await client.request("POST", markerPath, { body: { value: "before" }, signal });
  await client.upload("sys/storage/raft/snapshot-force", snapshot, { signal, timeoutMs });
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const state = await lookAtRestore(client, signal);
    if (state !== "before") return { sealed: state === "sealed" };
    if (performance.now() > deadline) {
      throw new TimedOut(
        `The Vault ${client.address} did not replace its data by the snapshot within ${
          formatDuration(timeoutMs)
        }`,
        { remedy: "see its log, then run the same command again" },
      );
    }
    await sleepFor(lookMs, signal);
  }
}

async function lookAtRestore(
  client: VaultClient,
  signal: AbortSignal,
): Promise<"before" | "sealed" | "restored"> {
  try {
    if ((await sealStatus(client, { signal, timeoutMs: 30_000 })).sealed) return "sealed";
    const marker = await client.request("GET", markerPath, { signal, timeoutMs: 30_000 });
    return marker === undefined ? "restored" : "before";
  } catch (error) {
    if (hasProblem(error, "sealed")) return "sealed";
    // The token went with all else.
    if (hasProblem(error, "token-ended", "permission-denied")) return "restored";
    if (
      hasProblem(error, "timed-out", "no-leader", "quorum-lost", "standby", "unreachable", "failed")
    ) return "before";
    throw error;
  }
}
