import { ExitCode, Interrupted, messageOf, SlipwayError } from "../../core/errors.ts";
import {
  journalIn,
  type RotationJournal,
  type SecretData,
  withJournal,
  withoutJournal,
} from "./journal.ts";

/** A secret as a Vault has it. */
export interface VersionedSecret {
  /** Its values. */
  data: SecretData;
  /** Number of its present version. */
  version: number;
}

/** Where a value is, and what a rotation does there. Each step finds out by itself whether it is done already. */
export interface RotationPlaces {
  /** Read the secret from its Vault. */
  read(signal: AbortSignal): Promise<VersionedSecret>;
  /** Write the secret, if it is still of this version; false when it is not. */
  replace(data: SecretData, version: number, signal: AbortSignal): Promise<boolean>;
  /** Have the value delivered to all Secrets that hold it, and see it there. */
  deliver(value: string, signal: AbortSignal): Promise<void>;
  /** Have the database take the value, and nothing else; absent where the value is no password of one. */
  setPassword?(value: string, other: string, signal: AbortSignal): Promise<void>;
  /** Prove that the database takes the value. @throws when it does not */
  prove?(value: string, signal: AbortSignal): Promise<void>;
  /** Restart the workloads that began with another value, and wait until they are ready. */
  restart(signal: AbortSignal): Promise<void>;
}

/** How long putting back may take, in milliseconds. */
const putBackMs = 10 * 60_000;

/**
 * Bring a rotation to its end: forward, to where its journal goes; and where a step of that fails, back. Can be
 * repeated at any moment, also after a crash: it goes on toward what the journal says.
 *
 * The order: Vault and the Secret first, the database next, the restart last. So whatever fails before the database
 * takes the password has locked nobody out, and as soon as it takes it, whoever starts has it.
 *
 * @throws {SlipwayError} when a step failed: all is as it was before, or the message says what is not
 */
export async function carryOut(
  places: RotationPlaces,
  journal: RotationJournal,
  signal: AbortSignal,
  tell: (message: string) => void,
): Promise<void> {
  try {
    await bring(places, journal, signal);
  } catch (error) {
    // What an abort cuts off fails in its own words; the reason of the abort says more.
    const failure = signal.aborted ? signal.reason : error;
    if (journal.toward === "old") throw halfWay(failure, undefined);
    tell(`the rotation failed and is put back: ${messageOf(failure)}`);
    try {
      // Also after an interruption, which has ended the signal: a second one ends the program at once.
      await bring(places, { ...journal, toward: "old" }, AbortSignal.timeout(putBackMs));
    } catch (second) {
      throw halfWay(failure, second);
    }
    throw putBack(failure);
  }
  try {
    await settle(places, journal, signal);
  } catch (error) {
    throw new SlipwayError(
      `The rotation is done, and its journal could not be removed: ${messageOf(error)}`,
      {
        remedy: "run the command again, which only removes it",
        exitCode: ExitCode.partly,
        cause: error,
      },
    );
  }
}

async function bring(
  places: RotationPlaces,
  journal: RotationJournal,
  signal: AbortSignal,
): Promise<void> {
  const value = journal[journal.toward];
  const other = journal[journal.toward === "new" ? "old" : "new"];
  await record(places, journal, signal);
  // On the way back the database comes first: it is what keeps running pods out.
  if (journal.toward === "old") await places.setPassword?.(value, other, signal);
  await places.deliver(value, signal);
  if (journal.toward === "new") await places.setPassword?.(value, other, signal);
  await places.prove?.(value, signal);
  await places.restart(signal);
  await places.prove?.(value, signal);
  if (journal.toward === "old") await settle(places, journal, signal);
}

async function record(
  places: RotationPlaces,
  journal: RotationJournal,
  signal: AbortSignal,
): Promise<void> {
  await change(places, signal, (data) => {
    const found = data[journal.key];
    if (found !== journal.old && found !== journal.new) {
      throw new SlipwayError(
        `Cannot rotate ${journal.key}: somebody else has changed it in Vault meanwhile`,
        { remedy: "find out who; then run the command again, or put the value right by hand" },
      );
    }
    return withJournal(data, journal);
  });
}

async function settle(
  places: RotationPlaces,
  journal: RotationJournal,
  signal: AbortSignal,
): Promise<void> {
  await change(places, signal, (data) => {
    const found = journalIn(data);
    return found?.startedAt === journal.startedAt ? withoutJournal(data) : data;
  });
}

/** Change a secret that others may change at the same time. */
async function change(
  places: RotationPlaces,
  signal: AbortSignal,
  wanted: (data: SecretData) => SecretData,
): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const { data, version } = await places.read(signal);
    const next = wanted(data);
    if (JSON.stringify(next) === JSON.stringify(data)) return;
    if (await places.replace(next, version, signal)) return;
  }
  throw new SlipwayError("Cannot write the secret to Vault: others keep changing it", {
    remedy: "run the command again when they are done",
    retryable: true,
  });
}

function putBack(failure: unknown): SlipwayError {
  const message = `Nothing is rotated: ${
    messageOf(failure)
  }; the value from before is in force again`;
  if (failure instanceof Interrupted) return new Interrupted(message, { cause: failure });
  const { remedy, exitCode } = failure instanceof SlipwayError ? failure : {} as SlipwayError;
  return new SlipwayError(message, { remedy, exitCode, cause: failure });
}

function halfWay(failure: unknown, second: unknown): SlipwayError {
  const also = second === undefined ? "" : `; and it cannot be put back: ${messageOf(second)}`;
  const why = second instanceof SlipwayError ? second : failure;
  const cause = why instanceof SlipwayError ? why.remedy : undefined;
  return new SlipwayError(`The rotation is half done: ${messageOf(failure)}${also}`, {
    remedy: `${
      cause === undefined ? "" : `${cause}; then `
    }run the command again: it knows both values from Vault, and goes on`,
    exitCode: ExitCode.partly,
    cause: failure,
  });
}
