import { makeCertificate } from "../../../lib/core/certificate.ts";
import type { Hosts } from "../../../lib/local/services/service.ts";

/** A stand-in for a cloud's store of secrets, as far as External Secrets speaks to it. */
export interface Cloud extends AsyncDisposable {
  /** Its word in a platform's `use`. */
  use: "aws" | "azure" | "gcp";
  /** Secrets by their names there; each is a JSON object of properties. */
  secrets: Map<string, Record<string, string>>;
  /** What it was asked for, in order: the path or the name of the call, and who asked. */
  asked: string[];
  /** Names under which its addresses must be known. */
  hosts: Hosts;
  /** Variables by which External Secrets finds it. */
  env: Readonly<Record<string, string>>;
}

/** Certificates for the names of clouds, by an authority that only the tests trust. */
export interface Authority {
  /** Its certificate, in PEM. */
  caCert: string;
  /** A certificate for names, and its key. */
  issue(names: readonly string[]): Promise<{ cert: string; key: string }>;
}

/** Make an {@linkcode Authority}. */
export async function makeAuthority(): Promise<Authority> {
  const notBefore = Temporal.Now.instant().subtract({ minutes: 1 });
  const valid = { notBefore, notAfter: notBefore.add({ hours: 24 }) };
  const authority = await makeCertificate({ commonName: "clouds of tests", ...valid });
  return {
    caCert: authority.cert,
    issue: (serverNames) =>
      makeCertificate({ commonName: serverNames[0]!, serverNames, ...valid }, authority),
  };
}

/** Port of HTTPS, which names of clouds leave no choice of. */
export const httpsPort = 443;

/** Whether this machine lets a test listen where clouds do: on Linux only root may, unless it is set otherwise. */
export function mayListen(): boolean {
  try {
    Deno.listen({ hostname: "127.83.1.1", port: httpsPort }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

/** Who a token of a service account is for, and whom it names; the signature is not verified. Source: RFC 7519. */
export function claimsOf(token: string): { sub: string; aud: string[] } {
  const [, payload = ""] = token.split(".");
  const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
  return JSON.parse(new TextDecoder().decode(bytes));
}
