import type { ServerState } from "../../vault/status.ts";
import type { RestoreState } from "./restore_state.ts";

/** What a restore begins with, and why. */
export type RestoreStep =
  /** Nothing is in the Vault. */
  | { action: "fill"; because: string }
  /** An earlier run came as far as the empty Vault's keys. */
  | { action: "go-on"; because: string }
  /** The snapshot is in: it is only to be unsealed and proved. */
  | { action: "prove"; because: string }
  /** What is in the Vault is lost: with a token of its own, or else by emptying its servers. */
  | { action: "replace"; because: string; empties: boolean }
  /** What is to be done cannot be told. */
  | { action: "refuse"; because: string; remedy: string };

/**
 * Decide how a restore begins, from how the servers stand, what an earlier run kept, and whether there is a token that
 * may replace what is in the Vault. Pure: nothing is asked of anybody.
 */
export function restoreStep(
  states: readonly ServerState[],
  kept: RestoreState | undefined,
  { hasToken }: { hasToken: boolean },
): RestoreStep {
  const away = states.filter(({ seal }) => seal === undefined);
  if (away.length > 0) {
    const names = away.map(({ name }) => name).join(", ");
    return {
      action: "refuse",
      because: `${names} does not answer, and may hold data: ${away[0]!.problem?.message}`,
      remedy: "start all of its servers, then run the same command again",
    };
  }
  const initialized = states.filter(({ seal }) => seal!.initialized);
  if (initialized.length === 0) return { action: "fill", because: "it is empty" };
  if (kept?.stage === "initialised") {
    return { action: "go-on", because: "an earlier run initialised it for this restore" };
  }
  if (kept?.stage === "replaced") {
    return { action: "prove", because: "an earlier run gave it the snapshot" };
  }
  const sealed = initialized.some(({ seal }) => seal!.sealed);
  if (kept?.stage === "replacing" && sealed) {
    return { action: "prove", because: "an earlier run was cut off when it got the snapshot" };
  }
  const lost = kept?.stage === "initialising"
    ? "an earlier run was cut off when it initialised it, so nobody has its keys, and nothing should be in it"
    : `it holds data${sealed ? ", and is sealed" : ""}`;
  return { action: "replace", because: lost, empties: sealed || !hasToken };
}
