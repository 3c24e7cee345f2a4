import { z } from "zod";
import { SlipwayError } from "../../core/errors.ts";
import type { Canary } from "../canary.ts";
import type { TransitProbe } from "../transit_probe.ts";
import type { SnapshotFacts } from "./check.ts";

/** What the record of a backup says of a Vault. */
export interface VaultBackupDetails {
  /** Version of Vault. */
  version: string;
  /** Id of its Raft cluster. */
  clusterId?: string;
  /** What the snapshot says of itself. */
  raft: SnapshotFacts;
  /** What unseals it. */
  seal: VaultBackupSeal;
  /** What shows that a restored Vault holds this backup; absent where none could be written. */
  canary?: Canary;
}

/** What unseals a Vault that is restored. */
export interface VaultBackupSeal {
  /** `shamir` for people with shares, else what does it by itself, such as `transit`. */
  type: string;
  /** Number of shares; of recovery shares where it unseals by itself. */
  shares: number;
  /** How many of them unseal, or make a root token. */
  threshold: number;
  /** Who has the shares, as the platform said. */
  holders?: string[];
  /** The key of another Vault that it depends on. */
  transit?: TransitDependency;
}

/** A Transit key of another Vault, without which the backup cannot be unsealed. */
export interface TransitDependency {
  /** Name of the other Vault in the platform. */
  vault: string;
  /** URL at which the Vault that was backed up asks it. */
  address: string;
  /** Mount path of its Transit engine. */
  mountPath: string;
  /** Name of the key. */
  key: string;
  /** Newest version of the key; it and those before it must be there. Absent where it could not be asked. */
  version?: number;
  /** Tells this key from another one of its name. Absent where it could not be asked. */
  probe?: TransitProbe;
}

const count = z.number().int().nonnegative();
const text = z.string().min(1);

const schema = z.object({
  version: z.string(),
  clusterId: z.string().optional(),
  raft: z.object({ index: count, term: count, stateBytes: count }),
  seal: z.object({
    type: text,
    shares: count,
    threshold: count,
    holders: z.array(text).optional(),
    transit: z.object({
      vault: text,
      address: text,
      mountPath: text,
      key: text,
      version: count.optional(),
      probe: z.object({ ciphertext: text, sha256: text }).optional(),
    }).optional(),
  }),
  canary: z.object({ mount: text, path: text, sha256: text }).optional(),
});

/**
 * Read what a record says of a Vault.
 *
 * @throws {SlipwayError} when it says something else
 */
export function readVaultDetails(details: unknown, id: string): VaultBackupDetails {
  const { success, data, error } = schema.safeParse(details);
  if (success) return data;
  const [issue] = error.issues;
  throw new SlipwayError(
    `Cannot use the record of ${id}: details.${issue?.path.join(".")}: ${issue?.message}`,
    { remedy: "use another backup; if the store has older versions of the record, put one back" },
  );
}
