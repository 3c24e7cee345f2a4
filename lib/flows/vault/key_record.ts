import { SlipwayError, UsageError } from "../../core/errors.ts";
import type { VaultInitialize } from "../../platform/types.ts";
import { vaultShares } from "../../platform/vaults.ts";

/** Where one share is kept. */
export interface ShareRecord {
  /** Number of the share, from 1. */
  share: number;
  /** Who can decrypt it; absent where a Secret keeps it. */
  holder?: string;
  /** Holder's age recipient. */
  recipient?: string;
  /** Name of the object with the share. */
  object: string;
}

/**
 * What is known of a Vault's keys, without any of them: `record.json` beside them.
 * `initialising` is written before Vault is asked, `initialised` when all that it gave is stored.
 */
export interface KeyRecord {
  /** Format of this record. */
  format: "slipway.dev/vault-keys/v1";
  /** Name of the Vault in its platform. */
  vault: string;
  /** Name of the platform. */
  platform: string;
  /** Name of the environment. */
  environment: string;
  /** How far the initialisation came. */
  state: "initialising" | "initialised";
  /** RFC 3339 time before Vault was asked. */
  startedAt: string;
  /** RFC 3339 time when everything was stored. */
  initialisedAt?: string;
  /** What unseals it: `shamir` for people with shares, `transit` for another Vault. */
  seal: "shamir" | "transit";
  /** The Transit key that it depends on. */
  transit?: { vault: string; mountPath: string; key: string };
  /** Number of shares; of recovery shares with `transit`. */
  shares: number;
  /** How many of them unseal, or make a root token with `transit`. */
  threshold: number;
  /** Where each share is. */
  keptBy: ShareRecord[];
  /** Whether the first root token is kept, encrypted, until the configuration has ended, or was revoked. */
  rootToken: "kept" | "revoked";
}

/** Name of the record among the keys. */
export const recordName = "record.json";

/** The record of an initialisation that is about to begin. */
export function newRecord(
  of: Pick<KeyRecord, "vault" | "platform" | "environment" | "seal" | "transit">,
  initialize: VaultInitialize,
  now: Temporal.Instant,
): KeyRecord {
  const { shares, threshold } = vaultShares(initialize);
  if (threshold === 1 && initialize.development !== true) {
    throw new UsageError(
      `Cannot initialise the Vault ${of.vault} with ${shares} shares and a threshold of 1: whoever has one of them unseals alone`,
      {
        remedy: "give a threshold of 2 or more, or say development: true where nothing is at stake",
      },
    );
  }
  const holders = Object.entries(initialize.holders ?? {});
  return {
    format: "slipway.dev/vault-keys/v1",
    ...of,
    state: "initialising",
    startedAt: now.toString(),
    shares,
    threshold,
    keptBy: Array.from({ length: shares }, (_, index): ShareRecord => {
      const share = index + 1;
      const holder = holders[index % Math.max(1, holders.length)];
      return holder === undefined ? { share, object: `share-${share}` } : {
        share,
        holder: holder[0],
        recipient: holder[1],
        object: `share-${share}-${holder[0]}.age`,
      };
    }),
    rootToken: "kept",
  };
}

/** Read a record. @throws {SlipwayError} when it is none */
export function parseRecord(bytes: Uint8Array, where: string): KeyRecord {
  try {
    const record = JSON.parse(new TextDecoder().decode(bytes)) as Partial<KeyRecord> | null;
    if (record?.format === "slipway.dev/vault-keys/v1" && Array.isArray(record.keptBy)) {
      return record as KeyRecord;
    }
  } catch {
    // Told below, together with JSON that is something else.
  }
  throw new SlipwayError(
    `Cannot read ${recordName} at ${where}: it is no record of a Vault's keys`,
    {
      remedy:
        "restore the file from a backup; the shares beside it are of no use to the wrong Vault",
    },
  );
}

/** How messages tell who has the shares: `ana (share 1), bob (share 2)`. */
export function holdersOf({ keptBy }: Pick<KeyRecord, "keptBy">): string {
  return keptBy.map(({ share, holder }) =>
    holder === undefined ? `share ${share}` : `${holder} (share ${share})`
  ).join(", ");
}
