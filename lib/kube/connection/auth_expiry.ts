import type { Credential } from "./auth.ts";

/** What is wrong with a credential, and what to do. */
export interface CredentialProblem {
  /** What is wrong, as a clause: `the client certificate … expired on …`. */
  because: string;
  /** What the reader can do about it. */
  remedy: string;
}

/**
 * Why a credential that was refused cannot work: its certificate or token is
 * outside its time. Undefined when its dates say nothing against it.
 *
 * The X.509 library is loaded here and not sooner: it costs start-up time, and only failures need it.
 */
export async function credentialProblem(
  credential: Credential,
  now: Temporal.Instant,
): Promise<CredentialProblem | undefined> {
  return await certificateProblem(credential, now) ?? tokenProblem(credential, now);
}

async function certificateProblem(
  { certificate }: Credential,
  now: Temporal.Instant,
): Promise<CredentialProblem | undefined> {
  if (certificate === undefined) return undefined;
  await import("reflect-metadata");
  const { X509Certificate } = await import("@peculiar/x509");
  const parsed = parse(() => new X509Certificate(certificate.certPem));
  if (parsed === undefined) return undefined;
  const named = `the client certificate "${parsed.subject}" (${certificate.source})`;
  if (parsed.notAfter.getTime() < now.epochMilliseconds) {
    return {
      because: `${named} expired on ${time(parsed.notAfter)}`,
      remedy: "fetch a fresh kubeconfig from the cluster, or renew the certificate with its CA",
    };
  }
  if (parsed.notBefore.getTime() > now.epochMilliseconds) {
    return {
      because: `${named} is valid only from ${time(parsed.notBefore)}`,
      remedy: "check the clocks of this machine and of the one that issued the certificate",
    };
  }
  return undefined;
}

/** Reads the `exp` claim without verifying anything. Source: RFC 7519, section 4.1.4. */
function tokenProblem(
  { authorization }: Credential,
  now: Temporal.Instant,
): CredentialProblem | undefined {
  const payload = /^Bearer [^.]+\.([^.]+)\.[^.]+$/.exec(authorization ?? "")?.[1];
  if (payload === undefined) return undefined;
  const claims = parse(() =>
    JSON.parse(
      new TextDecoder().decode(Uint8Array.fromBase64(payload, { alphabet: "base64url" })),
    ) as { exp?: unknown } | null
  );
  if (typeof claims?.exp !== "number" || claims.exp * 1000 >= now.epochMilliseconds) {
    return undefined;
  }
  return {
    because: `the token expired on ${time(new Date(claims.exp * 1000))}`,
    remedy: "log in again, or have a new token issued",
  };
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function time(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
