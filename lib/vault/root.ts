import { SlipwayError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import type { VaultClient } from "./client.ts";
import { hasProblem } from "./errors.ts";
import type { LookOptions } from "./status.ts";
import { WrongShares } from "./unseal.ts";

interface Attempt {
  started?: boolean;
  nonce?: string;
  otp?: string;
  progress?: number;
  required?: number;
  complete?: boolean;
  encoded_token?: string;
  encoded_root_token?: string;
}

const attemptPath = "sys/generate-root/attempt";

/**
 * Make a root token from shares, or recovery shares; whatever fails, no attempt stays open.
 * Source: Vault, /sys/generate-root.
 *
 * @throws {WrongShares} when they do not fit
 * @throws {SlipwayError} when they are too few, or somebody else is making one
 */
export async function generateRoot(
  client: VaultClient,
  shares: readonly string[],
  { redactor, ...options }: LookOptions & { redactor: Redactor },
): Promise<string> {
  const begun = await client.request<Attempt>("PUT", attemptPath, { body: {}, ...options })
    .catch((error) => {
      if (!hasProblem(error, "invalid") || !/already in progress/.test(error.message)) throw error;
      throw new SlipwayError(
        `Cannot generate a root token at the Vault ${client.address}: somebody else is at it`,
        {
          remedy:
            "wait for them; if nobody is, end the attempt with `vault operator generate-root -cancel`",
          cause: error,
        },
      );
    });
  const { nonce = "", otp = "", required = 0 } = begun ?? {};
  redactor.add(otp);
  let ended = false;
  try {
    for (const [index, key] of shares.entries()) {
      const answer = await client.request<Attempt>("PUT", "sys/generate-root/update", {
        body: { key, nonce },
        ...options,
      });
      if (answer?.complete !== true) continue;
      ended = true;
      const token = decodeToken(answer.encoded_token ?? answer.encoded_root_token ?? "", otp);
      redactor.add(token);
      if (index < shares.length) return token;
    }
    throw new SlipwayError(
      `Cannot generate a root token at the Vault ${client.address}: it needs ${required} shares, there are ${shares.length}`,
      { remedy: "give the shares of more holders" },
    );
  } catch (error) {
    if (hasProblem(error, "invalid", "failed", "seal-unavailable") && !ended) {
      throw new WrongShares(client.address, error);
    }
    throw error;
  } finally {
    if (!ended) await client.request("DELETE", attemptPath, { timeoutMs: 5_000 }).catch(() => {});
  }
}

/** Revoke the client's own token. Source: Vault, /auth/token/revoke-self. */
export async function revokeSelf(client: VaultClient, options: LookOptions = {}): Promise<void> {
  await client.request("POST", "auth/token/revoke-self", options);
}

/** Whether the client's token is valid. */
export async function tokenIsValid(
  client: VaultClient,
  options: LookOptions = {},
): Promise<boolean> {
  try {
    await client.request("GET", "auth/token/lookup-self", options);
    return true;
  } catch (error) {
    if (hasProblem(error, "token-ended", "no-token", "permission-denied")) return false;
    throw error;
  }
}

/** Source: command/operator_generate_root.go, decode: base64 without padding, XORed with the one-time password. */
function decodeToken(encoded: string, otp: string): string {
  const padded = encoded.padEnd(Math.ceil(encoded.length / 4) * 4, "=");
  const bytes = Uint8Array.fromBase64(padded);
  const key = new TextEncoder().encode(otp);
  return new TextDecoder().decode(bytes.map((byte, at) => byte ^ (key[at] ?? 0)));
}
