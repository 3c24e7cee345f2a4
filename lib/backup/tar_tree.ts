import { createHash } from "node:crypto";
import { z } from "zod";
import type { ByteStream } from "../core/program.ts";
import { reshaped } from "../core/reshape.ts";
import { type TarEntry, tarReader, type TarSink } from "../core/tar.ts";

/** What a tree of files has in it. */
export interface TreeMeasure {
  /** How many files. */
  files: number;
  /** How many folders, without the one that all are in. */
  folders: number;
  /** How many links, devices and the like. */
  others: number;
  /** Size of all files together, in bytes. */
  sizeBytes: number;
  /**
   * A sum over the paths, types, link targets and contents, whatever their order: the SHA-256 of each entry, added up
   * modulo 2 to the 256th, as hexadecimal digits.
   */
  sha256: string;
}

const schema = z.object({
  files: z.number().int().nonnegative(),
  folders: z.number().int().nonnegative(),
  others: z.number().int().nonnegative(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Whether what a record says is the measure of a tree. */
export function isTreeMeasure(value: unknown): value is TreeMeasure {
  return schema.safeParse(value).success;
}

/** A tar archive while it passes, and what it has. */
export interface MeasuredTree {
  /** The archive. It fails where it is no archive, or ends before the archive does. */
  stream: ByteStream;
  /** What has passed so far. */
  measure(): TreeMeasure;
}

const modulus = 1n << 256n;

/**
 * Measure a tree of files while a tar archive of it passes.
 *
 * @param onEntry told of each entry as it begins
 */
export function measuredTree(
  archive: ByteStream,
  onEntry: (entry: TarEntry) => void = () => {},
): MeasuredTree {
  const counts = { files: 0, folders: 0, others: 0, sizeBytes: 0 };
  let sum = 0n;
  let finish = () => {};
  const reader = tarReader((entry): TarSink => {
    finish();
    const path = pathOf(entry);
    if (path === "") {
      finish = () => {};
      return () => {};
    }
    onEntry(entry);
    counts[entry.type === "0" ? "files" : entry.type === "5" ? "folders" : "others"]++;
    counts.sizeBytes += entry.sizeBytes;
    const hash = createHash("sha256").update(
      JSON.stringify([entry.type, path, entry.link, entry.sizeBytes]),
    );
    finish = () => {
      sum = (sum + BigInt(`0x${hash.digest("hex")}`)) % modulus;
      finish = () => {};
    };
    return (piece) => void hash.update(piece);
  });
  const stream = reshaped(archive, {
    chunk(bytes) {
      reader.push(bytes);
      return bytes;
    },
    end() {
      reader.end();
      finish();
    },
  });
  return {
    stream,
    measure: () => ({ ...counts, sha256: sum.toString(16).padStart(64, "0") }),
  };
}

/** The path as it is from the folder that was archived: empty for that folder itself. */
function pathOf({ name }: TarEntry): string {
  return name.replace(/^(\.\/+)+/, "").replace(/\/+$/, "").replace(/^\.$/, "");
}

/** What of two measures differs, in one line; undefined where nothing does. */
export function treeDifference(found: TreeMeasure, wanted: TreeMeasure): string | undefined {
  for (const figure of ["files", "folders", "others", "sizeBytes"] as const) {
    if (found[figure] !== wanted[figure]) {
      return `${figure} is ${found[figure]}, wanted ${wanted[figure]}`;
    }
  }
  return found.sha256 === wanted.sha256
    ? undefined
    : "the numbers agree, and some path or content differs";
}
