import { createHash } from "node:crypto";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import { readTar, type TarSink } from "../../core/tar.ts";

/** What a snapshot says of itself. Source: hashicorp/raft, SnapshotMeta. */
export interface SnapshotFacts {
  /** Newest entry of Raft's log that it has. */
  index: number;
  /** Term of that entry. */
  term: number;
  /** Size of the state in bytes. */
  stateBytes: number;
}

/** A snapshot is not what Vault wrote. */
export class SnapshotDamaged extends SlipwayError {
  /** Make the error from the words that follow "the snapshot". */
  constructor(because: string, cause?: unknown) {
    super(`Refused a snapshot of Vault: ${because}`, {
      remedy: "take another one; if it stays so, look at Vault's own log and its disk",
      cause,
    });
  }
}

/** The files of a snapshot. Source: hashicorp/raft-snapshot, archive.go. */
const [metaFile, stateFile, sumsFile, sealedFile] = [
  "meta.json",
  "state.bin",
  "SHA256SUMS",
  "SHA256SUMS.sealed",
];

/** Largest of the small files, in bytes. */
const mostBytes = 64 * 1024;

/**
 * Check a Raft snapshot of Vault while it comes: the archive is whole, and the sums inside of it are those of its files.
 * `SHA256SUMS.sealed`, the same sums encrypted by Vault's own key, only a Vault with that key can check, which
 * it does when it is restored without force.
 *
 * @throws {SnapshotDamaged} when it is not what Vault wrote
 */
export async function checkSnapshot(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<SnapshotFacts> {
  const texts = new Map<string, string>();
  const hashes = new Map([metaFile, stateFile].map((name) => [name!, createHash("sha256")]));
  let stateBytes: number | undefined;
  const decoder = new TextDecoder();
  const tarball = stream.pipeThrough<Uint8Array<ArrayBuffer>>(new DecompressionStream("gzip"));
  try {
    await readTar(tarball, ({ name, sizeBytes }): TarSink => {
      if (![metaFile, stateFile, sumsFile, sealedFile].includes(name)) {
        throw new SnapshotDamaged(`it has a file "${name}" that no snapshot has`);
      }
      const hash = hashes.get(name);
      if (name === stateFile) {
        stateBytes = sizeBytes;
        return (piece) => hash?.update(piece);
      }
      if (sizeBytes > mostBytes) throw new SnapshotDamaged(`its ${name} has ${sizeBytes} bytes`);
      texts.set(name, "");
      return (piece) => {
        hash?.update(piece);
        texts.set(name, texts.get(name)! + decoder.decode(piece, { stream: true }));
      };
    });
  } catch (error) {
    if (error instanceof SnapshotDamaged || !isUnreadable(error)) throw error;
    throw new SnapshotDamaged(`it cannot be read: ${messageOf(error)}`, error);
  }
  const lacking = [metaFile, sumsFile, sealedFile].find((name) => !texts.has(name!));
  if (lacking !== undefined || stateBytes === undefined) {
    throw new SnapshotDamaged(`it has no ${lacking ?? stateFile}`);
  }
  const sums = new Map([...hashes].map(([name, hash]) => [name, hash.digest("hex")]));
  checkSums(texts.get(sumsFile!)!, sums);
  const meta = readMeta(texts.get(metaFile!)!);
  if (meta.stateBytes !== stateBytes) {
    throw new SnapshotDamaged(`its state has ${stateBytes} bytes, wanted ${meta.stateBytes}`);
  }
  return meta;
}

/**
 * A stream that passes a snapshot on and checks it on the way. When the snapshot turns out damaged, the stream fails
 * before it ends, so that nobody takes what came out of it for whole.
 */
export function snapshotGuard(): {
  /** The stream. */
  stream: TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>;
  /** What the snapshot says of itself; to be asked when the stream has ended. */
  facts: () => SnapshotFacts;
} {
  const copy = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const writer = copy.writable.getWriter();
  const checking = checkSnapshot(copy.readable);
  checking.catch(() => {});
  let facts: SnapshotFacts | undefined;
  // What the check found is said, not that its stream ended.
  const told = <T>(step: Promise<T>) => step.catch(async () => void await checking);
  return {
    stream: new TransformStream({
      async transform(chunk, controller) {
        await told(writer.write(chunk));
        controller.enqueue(chunk);
      },
      async flush() {
        await told(writer.close());
        facts = await checking;
      },
      async cancel(reason) {
        await writer.abort(reason).catch(() => {});
      },
    }),
    facts: () => facts!,
  };
}

function checkSums(text: string, found: ReadonlyMap<string, string>): void {
  const wanted = new Map(
    text.trim().split("\n").map((line): [string, string] => {
      const [, sum = "", name = ""] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
      return [name, sum];
    }),
  );
  for (const [name, sum] of found) {
    if (wanted.get(name) === sum) continue;
    throw new SnapshotDamaged(
      `the SHA-256 of its ${name} is ${sum}, ${sumsFile} has ${wanted.get(name) ?? "none"}`,
    );
  }
  const other = [...wanted.keys()].find((name) => !found.has(name));
  if (other !== undefined) throw new SnapshotDamaged(`its ${sumsFile} has a line "${other}"`);
}

function readMeta(text: string): SnapshotFacts {
  try {
    const { Index, Term, Size } = JSON.parse(text) as Record<string, unknown>;
    if ([Index, Term, Size].every((value) => Number.isSafeInteger(value))) {
      return { index: Number(Index), term: Number(Term), stateBytes: Number(Size) };
    }
  } catch {
    // What is no JSON has none of them either.
  }
  throw new SnapshotDamaged(`its ${metaFile} has no Index, Term and Size`);
}

/** Decompression fails with a TypeError; all else is not about the bytes. */
function isUnreadable(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SlipwayError;
}
