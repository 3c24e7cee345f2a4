import { z } from "zod";
import { type BackupSource, folderOf } from "./names.ts";

/** Who works on a source just now: the content of a lease's file. */
export interface LeaseFile {
  /** Version of this format. */
  format: 1;
  /** The holder as people know it: `ana@laptop, process 4711`. */
  holder: string;
  /** Names the holder's process for its own machine; empty where the system does not tell. */
  process: string;
  /** What it does, such as `backup-postgres`. */
  task: string;
  /** A random text, by which the holder knows its own. */
  token: string;
  /** When it was taken, as RFC 3339 in UTC, by the store's clock where that is known. */
  takenAt: string;
  /** How often it was renewed. */
  renewals: number;
  /** How long it lasts after it was last written, in milliseconds. */
  ttlMs: number;
  /** When it was given back; absent while it is held. */
  releasedAt?: string;
}

const schema = z.object({
  format: z.literal(1),
  holder: z.string(),
  process: z.string(),
  task: z.string(),
  token: z.string(),
  takenAt: z.string(),
  renewals: z.number(),
  ttlMs: z.number().positive(),
  releasedAt: z.string().optional(),
});

/** What the names of a source's leases begin with. */
export function leasePrefix(source: BackupSource): string {
  return `${folderOf(source)}lease.`;
}

/** Name of a source's `generation`-th lease. The highest of those that are there counts. */
export function leaseName(source: BackupSource, generation: number): string {
  return `${leasePrefix(source)}${generation}.json`;
}

/** Which lease of a source a name means; undefined for what is none. */
export function readLeaseName(source: BackupSource, name: string): number | undefined {
  const prefix = leasePrefix(source);
  const [, digits] = /^([1-9]\d{0,14})\.json$/.exec(
    name.startsWith(prefix) ? name.slice(prefix.length) : "",
  ) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The text of a lease. */
export function writeLease(lease: LeaseFile): string {
  return `${JSON.stringify(lease, undefined, 2)}\n`;
}

/** Read a lease; undefined for what is none. */
export function readLease(text: string): LeaseFile | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
