import { SlipwayError } from "../core/errors.ts";
import type { Redactor } from "../core/redact.ts";
import type { VaultClient } from "./client.ts";

/** How a Vault is initialised. */
export interface InitializeOptions {
  /** Number of shares. */
  shares: number;
  /** How many of them unseal. */
  threshold: number;
  /** Another Vault unseals it: the shares are recovery shares. */
  autoUnseal: boolean;
  /** Learns what Vault gives. */
  redactor: Redactor;
  /** Ends the request. */
  signal?: AbortSignal;
}

/** What a Vault gives once, when it is initialised. */
export interface InitialKeys {
  /** Shares, or recovery shares, in base64. */
  shares: string[];
  /** A token that may do everything. */
  rootToken: string;
}

/** Long enough for a Raft storage on a slow disk, in milliseconds. */
const initializeTimeoutMs = 120_000;

/**
 * Initialise a Vault. Source: Vault, /sys/init.
 *
 * @throws {VaultError} when it is initialised already
 */
export async function initialize(
  client: VaultClient,
  { shares, threshold, autoUnseal, redactor, signal }: InitializeOptions,
): Promise<InitialKeys> {
  const body = autoUnseal
    ? { recovery_shares: shares, recovery_threshold: threshold }
    : { secret_shares: shares, secret_threshold: threshold };
  const answer = await client.request<Record<string, unknown>>("PUT", "sys/init", {
    body,
    signal,
    timeoutMs: initializeTimeoutMs,
  }) ?? {};
  const given = answer[autoUnseal ? "recovery_keys_base64" : "keys_base64"];
  const rootToken = answer["root_token"];
  if (Array.isArray(given)) { for (const share of given) redactor.add(String(share)); }
  if (typeof rootToken === "string") redactor.add(rootToken);
  if (Array.isArray(given) && given.length === shares && typeof rootToken === "string") {
    return { shares: given.map(String), rootToken };
  }
  throw new SlipwayError(
    `Cannot initialise the Vault ${client.address}: it gave ${
      Array.isArray(given) ? given.length : "no"
    } shares, wanted ${shares} and a root token`,
    { remedy: "see its log; nothing of its answer is kept" },
  );
}
