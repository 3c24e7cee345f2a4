import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import {
  chooseCertificate,
  readCertificates,
  type SealingCertificate,
} from "../../seal/certificate.ts";
import { readNamedText } from "./files.ts";
import type { CertificateRequest } from "./request.ts";

/** Longest that a server may take to send a certificate, in milliseconds. */
const fetchTimeoutMs = 30_000;

/**
 * The certificate to seal with, from a file, a URL or the controller: valid now, the pinned one where one is pinned,
 * and the newest of several.
 *
 * @throws {CertificateRefused} when it may not be used
 * @throws {UsageError} when nothing says where to take it from
 */
export async function certificateFor(
  request: CertificateRequest,
  context: Context,
): Promise<SealingCertificate> {
  const { source, pem } = await certificateText(request, context);
  return chooseCertificate(await readCertificates(pem, source), {
    now: context.now(),
    pinned: request.fingerprint,
    source,
  });
}

/** The PEM text of the certificate, and where it comes from. */
export async function certificateText(
  request: CertificateRequest,
  context: Context,
): Promise<{ source: string; pem: string }> {
  const { cert, kubeconfig, context: contextName } = request;
  if (cert === undefined) {
    if (kubeconfig === undefined && contextName === undefined) throw noCertificate();
    const { fetchCertificate } = await import(
      new URL("./controller.ts", import.meta.url).href
    ) as typeof import("./controller.ts");
    return await fetchCertificate(request, context);
  }
  if (/^https?:\/\//i.test(cert)) return { source: cert, pem: await fetchText(cert, context) };
  const path = cert.replace(/^file:\/\//i, "");
  return { source: path, pem: await readNamedText(path, context) };
}

function noCertificate(): UsageError {
  return new UsageError("Cannot seal: there is no certificate to seal with", {
    remedy:
      "give one with --cert, as `deno task -q seal-secret --fetch-cert --context <name> > sealing.pem` keeps it, or let it be fetched from the cluster that --context or --kubeconfig names",
  });
}

async function fetchText(url: string, { signal }: Context): Promise<string> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]);
  try {
    const response = await fetch(url, { signal: deadline });
    const text = await response.text();
    if (response.ok) return text;
    throw new SlipwayError(`it answers ${response.status} ${response.statusText}`.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw new SlipwayError(`Cannot fetch the certificate from ${url}: ${messageOf(error)}`, {
      remedy: "see whether the URL is right and reachable from here, or name a file with --cert",
      retryable: true,
    });
  }
}
