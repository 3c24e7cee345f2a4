import type { Redactor } from "../../core/redact.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { bearer, type ClientCertificate, type Credential, type CredentialSource } from "./auth.ts";

/** What {@linkcode tokenFileCredentials} needs. */
export interface TokenFileOptions {
  /** File that holds the token and nothing else. */
  path: string;
  /** Certificate shown beside the token. */
  certificate?: ClientCertificate;
  /** Reads a text file. */
  readFile: (path: string) => Promise<string>;
  /** The time now. */
  now: () => Temporal.Instant;
  /** Learns each token. */
  redactor: Redactor;
  /** Age at which the file is read again, in milliseconds. @default 60_000 */
  maxAgeMs?: number;
}

/**
 * Credentials from a token file. The file is read again when what was read is a
 * minute old or was refused, because projected service account tokens rotate.
 * A file that cannot be read for a moment leaves the token that is known in use.
 * Source: k8s.io/client-go, transport/token_source.go.
 */
export function tokenFileCredentials(options: TokenFileOptions): CredentialSource {
  const { path, certificate, readFile, now, redactor, maxAgeMs = 60_000 } = options;
  let known: { credential: Credential; readAt: number } | undefined;
  let reading: Promise<Credential> | undefined;

  async function read(): Promise<Credential> {
    try {
      const token = (await readFile(path)).trim();
      if (token === "") throw new SlipwayError("the file is empty");
      redactor.add(token);
      const authorization = bearer(token);
      const same = known?.credential.authorization === authorization;
      const credential = same ? known!.credential : { authorization, certificate };
      known = { credential, readAt: now().epochMilliseconds };
      return credential;
    } catch (error) {
      if (known !== undefined) return known.credential;
      throw new SlipwayError(`Cannot read the token file ${path}: ${messageOf(error)}`, {
        remedy: "check that the file exists, holds a token and may be read by this user",
        cause: error,
      });
    } finally {
      reading = undefined;
    }
  }

  return {
    current() {
      if (known !== undefined && now().epochMilliseconds - known.readAt < maxAgeMs) {
        return known.credential;
      }
      return reading ??= read();
    },
    renew(refused) {
      if (known?.credential === refused) known = { ...known, readAt: -Infinity };
      return true;
    },
  };
}
