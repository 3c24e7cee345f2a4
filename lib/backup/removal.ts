import { z } from "zod";

/** What follows the id in the name of the file that says that a backup is being removed. */
export const removalSuffix = "removed.json";

/**
 * That a backup is being removed. It is written before the record goes and goes last, so that what a killed run left
 * is told from a backup that was never finished, and is cleared by the next run.
 */
export interface Removal {
  /** Id of the backup. */
  id: string;
  /** When its removal began, as RFC 3339 in UTC. */
  removedAt: string;
  /** Why. */
  because: string[];
  /** What follows the id in the names of its files, besides the record and this. */
  suffixes: string[];
}

const schema = z.object({
  id: z.string(),
  removedAt: z.string(),
  because: z.array(z.string()),
  suffixes: z.array(z.string().min(1)),
});

/** The text of a removal. */
export function writeRemoval(removal: Removal): string {
  return `${JSON.stringify(removal, undefined, 2)}\n`;
}

/** Read a removal; undefined for what is none, or is about another backup. */
export function readRemoval(text: string, id: string): Removal | undefined {
  try {
    const { data } = schema.safeParse(JSON.parse(text));
    return data?.id === id ? data : undefined;
  } catch {
    return undefined;
  }
}
