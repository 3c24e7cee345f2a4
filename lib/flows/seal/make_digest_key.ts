import { encryptFor } from "../../age/age.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import { newDigestKey } from "../../seal/digest.ts";
import { absolutePath } from "./files.ts";

/** Where a digest key is written, and who can read it. */
export interface DigestKeyRequest {
  /** The file, as typed. */
  out: string;
  /** age recipients. */
  recipient: readonly string[];
}

/**
 * Make a digest key and write it encrypted with age; it stands nowhere in plain.
 *
 * @throws {UsageError} when the file is there already: with another key nobody would know the values again
 */
export async function makeDigestKey(
  { out, recipient }: DigestKeyRequest,
  context: Pick<Context, "cwd" | "redactor" | "emit">,
): Promise<void> {
  const key = newDigestKey();
  context.redactor.add(key);
  const encrypted = await encryptFor(recipient, new TextEncoder().encode(`${key}\n`));
  try {
    await Deno.writeFile(absolutePath(out, context), encrypted, { createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new UsageError(`Refused to overwrite ${out}: it is there already`, {
        remedy: "go on with that key, or name another file",
      });
    }
    // Half a key must not keep the next run from writing a whole one.
    const isNew = !(error instanceof Deno.errors.NotFound);
    if (isNew) await Deno.remove(absolutePath(out, context)).catch(() => {});
    throw new UsageError(`Cannot write ${out}: ${messageOf(error)}`, {
      remedy:
        "name a file in a folder that is there, that you may write to, and whose disk has space",
      cause: error,
    });
  }
  context.emit({ type: "summary", file: out, recipients: recipient.length });
}
