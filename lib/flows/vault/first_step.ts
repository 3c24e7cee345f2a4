import type { ServerState } from "../../vault/status.ts";
import type { KeyRecord } from "./key_record.ts";

/** What an installation begins with, and why. */
export type FirstStep =
  /** Nobody initialised it yet. */
  | { action: "initialise"; because: string }
  /** There are keys of another Vault where its own are to be: put them aside first. */
  | { action: "initialise-anew"; because: string }
  /** An earlier run was cut off between Vault's answer and its storing: nobody has its keys, and nothing is in it. */
  | { action: "start-over"; because: string; servers: string[] }
  /** An earlier run stored all that Vault gave, and was cut off then. */
  | { action: "finish-keeping"; because: string }
  /** It is initialised. */
  | { action: "leave"; because: string }
  /** What is to be done cannot be told. */
  | { action: "refuse"; because: string; remedy: string };

/** What is known where a Vault's keys are to be. */
export interface KeptKeys {
  /** URL of the place. */
  where: string;
  /** The record. */
  record?: KeyRecord;
  /** Whether there are keys that have not their place yet. */
  pending: boolean;
}

/**
 * Decide how an installation begins, from how the servers stand and what is kept. A Vault that is initialised is
 * touched only where the record shows that this installation itself began it, and that nobody ever had its keys.
 */
export function firstStep(
  states: readonly ServerState[],
  { where, record, pending }: KeptKeys,
): FirstStep {
  const away = states.filter(({ seal }) => seal === undefined).map(({ name }) => name);
  const initialized = states.filter(({ seal }) => seal?.initialized === true);
  if (initialized.length === 0) {
    // One that is away may be the one that is initialised.
    if (away.length > 0) {
      return {
        action: "refuse",
        because: `${away.join(", ")} does not answer, and may be initialised already`,
        remedy: "see to it that all servers run, then run the same command again",
      };
    }
    if (record === undefined) return { action: "initialise", because: "it is new" };
    return record.state === "initialising" && !pending
      ? { action: "initialise", because: "an earlier run was cut off before Vault was asked" }
      : {
        action: "initialise-anew",
        because: `it is empty, and ${where} has the keys of a Vault that was initialised ${
          record.initialisedAt === undefined ? "" : `at ${record.initialisedAt} `
        }before`,
      };
  }
  if (record === undefined) {
    return { action: "leave", because: `it is initialised, and its keys are not at ${where}` };
  }
  if (record.state === "initialised" || pending) {
    return pending
      ? { action: "finish-keeping", because: "an earlier run was cut off while it stored the keys" }
      : { action: "leave", because: `it was initialised at ${record.initialisedAt}` };
  }
  return cutOff(initialized, record, where);
}

/** The record says that Vault was about to be asked, Vault that it was, and no keys were stored. */
function cutOff(
  initialized: readonly ServerState[],
  record: KeyRecord,
  where: string,
): FirstStep {
  const byOthers = (because: string): FirstStep => ({
    action: "refuse",
    because:
      `it is initialised, though ${where} says that an earlier run was cut off at that, and ${because}`,
    remedy:
      `if somebody else initialised it and has its keys, remove record.json at ${where}; else empty it by hand, and run the same command again`,
  });
  const differs = initialized.find(({ seal }) =>
    seal!.shares !== record.shares || seal!.threshold !== record.threshold
  );
  if (differs !== undefined) {
    const { threshold, shares } = differs.seal!;
    return byOthers(
      `${differs.name} has ${threshold} of ${shares} shares, not the ${record.threshold} of ${record.shares} that were wanted`,
    );
  }
  const unsealed = initialized.find(({ seal }) => seal!.type === "shamir" && !seal!.sealed);
  if (unsealed !== undefined) {
    return byOthers(`${unsealed.name} is unsealed, so somebody has its shares`);
  }
  return {
    action: "start-over",
    because:
      "an earlier run was cut off after Vault was initialised and before its keys were stored: nobody has them, so nothing can be in it",
    servers: initialized.map(({ name }) => name),
  };
}
