import { z } from "zod";

/** What follows the id in the name of the file that says when a backup was last restored. */
export const verificationSuffix = "verified.json";

/** That a backup was restored, and proved. It stands beside the record, which never changes. */
export interface Verification {
  /** Id of the backup. */
  id: string;
  /** When its restore was proved, as RFC 3339 in UTC. */
  verifiedAt: string;
  /** How long it took from the start of the restore until then, in milliseconds: the real recovery time. */
  durationMs: number;
  /** Where it was restored to. */
  target: string;
  /** What proved it. */
  proof: string;
  /** How many bytes were restored, before compression and encryption; absent where nobody counted them. */
  restoredBytes?: number;
  /** What was looked at, each in one line. */
  checks?: string[];
}

const schema = z.object({
  id: z.string(),
  verifiedAt: z.iso.datetime({ offset: true }),
  durationMs: z.number().nonnegative(),
  target: z.string(),
  proof: z.string(),
  restoredBytes: z.number().nonnegative().optional(),
  checks: z.array(z.string()).optional(),
});

/** The text of a verification. */
export function writeVerification(verification: Verification): string {
  return `${JSON.stringify(verification, undefined, 2)}\n`;
}

/** Read a verification; undefined for what is none: no backup is worse for it. */
export function readVerification(text: string): Verification | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
