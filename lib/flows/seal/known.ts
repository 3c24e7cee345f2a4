import { dirname, resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import type { Sealing } from "../../platform/types.ts";
import {
  normalFingerprint,
  readCertificates,
  type SealingCertificate,
} from "../../seal/certificate.ts";
import type { KnownCertificate } from "../../seal/check_item.ts";
import { readNamedText } from "./files.ts";

/**
 * The certificates of several files, the newest first.
 *
 * @throws {UsageError} when a file cannot be read, or holds none
 */
export async function certificatesOf(
  files: readonly string[],
  { cwd }: Pick<Context, "cwd">,
): Promise<SealingCertificate[]> {
  const all = await Promise.all(
    files.map(async (file) => readCertificates(await readNamedText(file, { cwd }), file)),
  );
  return newestFirst(all.flat());
}

/** Certificates by their NotBefore, the newest first. */
export function newestFirst<T extends Pick<SealingCertificate, "notBefore">>(
  certificates: readonly T[],
): T[] {
  return certificates.toSorted((a, b) => Temporal.Instant.compare(b.notBefore, a.notBefore));
}

/**
 * What a platform file's items are compared with: its certificate and pin, and certificates that were named. What is
 * pinned is the newest, whatever else is known.
 */
export async function knownOf(
  sealing: Sealing | undefined,
  { file, named, cwd }: { file: string; named: readonly SealingCertificate[]; cwd: string },
): Promise<KnownCertificate[]> {
  const { certificate, fingerprint } = sealing ?? {};
  const own = certificate === undefined
    ? []
    : await certificatesOf([resolve(cwd, dirname(file), certificate)], { cwd });
  const known: KnownCertificate[] = newestFirst([...own, ...named]);
  if (fingerprint === undefined) return known;
  const pinned = normalFingerprint(fingerprint);
  const match = known.find((other) => other.fingerprint === pinned) ?? { fingerprint: pinned };
  return [match, ...known.filter((other) => other !== match)];
}
