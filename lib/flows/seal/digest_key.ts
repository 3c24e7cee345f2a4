import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { type DigestKey, readDigestKey } from "../../seal/digest.ts";
import { readNamedBytes, readNamedText } from "./files.ts";

/**
 * The digest key of a file that somebody named: encrypted with age, or plain where it is kept so. The redactor
 * learns it.
 *
 * @param identityFiles files with age identities, as they were named
 * @throws {UsageError} when it is no digest key, or encrypted and no identity is given
 */
export async function readDigestKeyFile(
  path: string,
  context: Pick<Context, "cwd" | "redactor">,
  identityFiles: readonly string[] = [],
): Promise<DigestKey> {
  const bytes = await openIfEncrypted(
    await readNamedBytes(path, context),
    path,
    context,
    identityFiles,
  );
  const text = new TextDecoder().decode(bytes).trim();
  for (const line of text.split("\n")) context.redactor.add(line.trim());
  return await readDigestKey(text, path);
}

/**
 * Bytes as they are, or decrypted where age encrypted them.
 *
 * @throws {UsageError} when they are encrypted and no identity is given
 */
export async function openIfEncrypted(
  bytes: Uint8Array<ArrayBuffer>,
  source: string,
  context: Pick<Context, "cwd" | "redactor">,
  identityFiles: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isAge(bytes)) return bytes;
  if (identityFiles.length === 0) {
    throw new UsageError(
      `Cannot read ${source}: it is encrypted with age, and no identity is given`,
      { remedy: "name a file with yours with --identity" },
    );
  }
  // Loaded only where it is needed: one sealing takes little longer than the start of its process.
  const { decryptWith } = await import("../../age/age.ts");
  return await decryptWith(await identitiesOf(identityFiles, context), bytes, source);
}

/**
 * The age identities of several files; the redactor knows them then.
 *
 * @throws {UsageError} when a file is not there, or has none
 */
export async function identitiesOf(
  files: readonly string[],
  context: Pick<Context, "cwd" | "redactor">,
): Promise<string[]> {
  const { readIdentities } = await import("../../age/age.ts");
  const all = await Promise.all(
    files.map(async (file) => readIdentities(await readNamedText(file, context), file)),
  );
  const identities = all.flat();
  for (const identity of identities) context.redactor.add(identity);
  return identities;
}

/** Source: C2SP.org/age, and its armor. */
function isAge(bytes: Uint8Array): boolean {
  const head = new TextDecoder().decode(bytes.subarray(0, 64));
  return head.startsWith("age-encryption.org/") ||
    head.startsWith("-----BEGIN AGE ENCRYPTED FILE-----");
}
