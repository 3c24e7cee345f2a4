import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import type { SealingCertificate } from "../../seal/certificate.ts";
import { readCertificates } from "../../seal/certificate.ts";
import { readDocuments } from "../../seal/document.ts";
import { byAge, controllerKeyOf, type OpeningKey, openingKeyOf } from "../../seal/keyring.ts";
import { readPrivateKeys } from "../../seal/private_keys.ts";
import { openIfEncrypted } from "./digest_key.ts";
import { readNamedBytes } from "./files.ts";

/**
 * The keys of files: backups of `sealing-keys`, Secrets as `kubectl get secret -o yaml` saves them, or PEM; each of
 * them encrypted with age or not. The redactor learns them.
 *
 * @param certificates for keys that come without theirs
 * @throws {UsageError} when a file holds no key, or is encrypted and no identity is given
 */
export async function keysOfFiles(
  files: readonly string[],
  { identity, certificates }: {
    identity: readonly string[];
    certificates: readonly SealingCertificate[];
  },
  context: Pick<Context, "cwd" | "redactor">,
): Promise<OpeningKey[]> {
  const keys = await Promise.all(files.map(async (file) => {
    const stored = await readNamedBytes(file, context);
    const text = new TextDecoder().decode(await openIfEncrypted(stored, file, context, identity));
    return await keysOf(text, file, context);
  }));
  return keys.flat().map((key) => {
    const own = key.certificate ??
      certificates.find(({ keyFingerprint }) => keyFingerprint === key.keyFingerprint);
    return own === undefined ? key : { ...key, certificate: own };
  });
}

async function keysOf(
  text: string,
  file: string,
  { redactor }: Pick<Context, "redactor">,
): Promise<OpeningKey[]> {
  if (/^-----BEGIN /m.test(text)) {
    redactor.add(text);
    const certificates = text.includes("-----BEGIN CERTIFICATE-----")
      ? await readCertificates(text, file)
      : [];
    return (await readPrivateKeys(text, file)).map((key) => {
      const own = certificates.find(({ keyFingerprint }) => keyFingerprint === key.keyFingerprint);
      return own === undefined ? key : { ...key, certificate: own };
    });
  }
  const documents = readDocuments(text, file);
  if (documents.length === 0) {
    throw new UsageError(`Cannot find a key in ${file}`, {
      remedy: "name a backup of `deno task sealing-keys`, Secrets, or PEM",
    });
  }
  return await Promise.all(documents.map(async (document) => {
    const key = await controllerKeyOf(document);
    redactor.add(new TextDecoder().decode(key.secret.values.get("tls.key")));
    return await openingKeyOf(key, document.place);
  }));
}

/** Keys with certificates, the newest first, and then those without. */
export function preferred(keys: readonly OpeningKey[]): OpeningKey[] {
  const known = keys.flatMap((key) =>
    key.certificate === undefined ? [] : [{ ...key, certificate: key.certificate }]
  );
  return [...byAge(known), ...keys.filter(({ certificate }) => certificate === undefined)];
}
