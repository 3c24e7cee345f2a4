import type { Context } from "../../core/context.ts";
import { chooseCertificate, readCertificates } from "../../seal/certificate.ts";
import { certificateText } from "./certificate.ts";
import { fetchCertificate } from "./controller.ts";
import { writeFile } from "./output.ts";
import type { SealSecretRequest, Streams } from "./request.ts";

/**
 * Print the certificate that values are to be sealed with, once it is known to be one, and the pinned one.
 *
 * @throws {CertificateRefused} when it is expired, or not the pinned one
 */
export async function printCertificate(
  request: SealSecretRequest,
  streams: Streams,
  context: Context,
): Promise<void> {
  const { source, pem } = request.cert === undefined
    ? await fetchCertificate(request, context)
    : await certificateText(request, context);
  const certificates = await readCertificates(pem, source);
  const { fingerprint, notAfter } = chooseCertificate(certificates, {
    now: context.now(),
    pinned: request.fingerprint,
    source,
  });
  if (request.sealedSecretFile !== undefined) {
    await writeFile(request.sealedSecretFile, pem, request, context);
  } else if (!request.dryRun) {
    streams.write(request.json ? `${JSON.stringify({ pem, fingerprint, notAfter })}\n` : pem);
  }
  if (request.json) return;
  context.emit({
    type: "note",
    level: "info",
    message: `certificate of ${source}: fingerprint ${fingerprint}, valid until ${notAfter}`,
  });
}
