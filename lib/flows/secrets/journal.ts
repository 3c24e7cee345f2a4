import { SlipwayError } from "../../core/errors.ts";

/**
 * What is under way, kept beside the value that it is about: in the same secret of the same Vault, written in the same
 * version. So both passwords are nowhere but in Vault, no other right is needed than that to write the secret, and no
 * crash can separate the value from the word on what is to become of it.
 */
export interface RotationJournal {
  /** Key of the secret whose value is rotated. */
  key: string;
  /** Value before. */
  old: string;
  /** Value afterwards. */
  new: string;
  /** Which of them is to be in force everywhere. */
  toward: "new" | "old";
  /** RFC 3339 time at which it began. */
  startedAt: string;
}

/** Key of a secret that holds the journal of its rotation. */
export const journalKey = "slipway-rotation";

/** The values of a secret. */
export type SecretData = Readonly<Record<string, unknown>>;

/**
 * The rotation that is under way in a secret, if there is one.
 *
 * @throws {SlipwayError} when what stands in its place cannot be understood; it is never repeated
 */
export function journalIn(data: SecretData): RotationJournal | undefined {
  const text = data[journalKey];
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(String(text)) as RotationJournal;
    const texts = [found.key, found.old, found.new, found.startedAt];
    if (
      texts.every((part) => typeof part === "string") && ["new", "old"].includes(found.toward)
    ) return found;
  } catch {
    // The parser's own words would quote the text.
  }
  throw new SlipwayError(`Cannot read the journal of a rotation, ${journalKey}: it is malformed`, {
    remedy: `see which password the database takes, put it into its key, and remove ${journalKey}`,
  });
}

/** The secret with the value that a journal goes toward, and the journal. */
export function withJournal(data: SecretData, journal: RotationJournal): SecretData {
  return {
    ...data,
    [journal.key]: journal[journal.toward],
    [journalKey]: JSON.stringify(journal),
  };
}

/** The secret without a journal. */
export function withoutJournal(data: SecretData): SecretData {
  const { [journalKey]: _, ...rest } = data;
  return rest;
}
