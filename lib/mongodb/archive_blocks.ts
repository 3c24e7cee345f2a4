import { joinBytes } from "../core/bytes.ts";
import { ArchiveDamaged } from "./archive_damaged.ts";

/** Is told what an archive consists of, in order. */
export interface BlockSink {
  /** The archive's header. */
  archive(document: Uint8Array<ArrayBuffer>): void;
  /** One collection of the list that follows it. */
  collection(document: Uint8Array<ArrayBuffer>): void;
  /** The list has ended. */
  listed(): void;
  /** The header of a segment. */
  segment(document: Uint8Array<ArrayBuffer>): void;
  /** Bytes of the segment's documents, from `start` up to `end`. They are gone when this returns. */
  data(piece: Uint8Array<ArrayBuffer>, start: number, end: number): void;
  /** A document of the segment has come whole. */
  documentEnded(): void;
}

/** Cuts an archive into its documents, whatever the pieces are that it comes in. */
export interface BlockReader {
  /** Take a piece. */
  push(piece: Uint8Array<ArrayBuffer>): void;
  /** Whether an archive may end here, as far as its documents tell. */
  mayEnd(): boolean;
}

/** Source: mongo-tools, common/archive/spec.md. */
const magic = 0x8199e26d;
const terminator = 0xffffffff;

/** Largest document: what a server takes, and room for what it adds to an oplog entry. Source: mongo-tools, common/db. */
const mostBytes = 16 * 1024 * 1024 + 16 * 1024;

/** Make a {@linkcode BlockReader}. It throws `ArchiveDamaged` for what no archive has, and what the sink throws. */
export function createBlockReader(sink: BlockSink): BlockReader {
  /** What comes now; `needed` bytes of it are still to come. */
  let part: "magic" | "length" | "header" | "document" = "magic";
  let needed = 4;
  const length = new Uint8Array(4);
  const lengthView = new DataView(length.buffer);
  /** Pieces of a document that is wanted whole. */
  let held: Uint8Array<ArrayBuffer>[] = [];
  let last = 0;
  /** Whether the list of collections has ended, and whether the block has had its header. */
  let [listed, begun] = [false, false];
  const streamed = () => listed && begun;

  const lengthEnded = () => {
    const value = lengthView.getUint32(0, true);
    if (value === terminator) {
      if (!begun) throw new ArchiveDamaged("it has a segment without a header");
      if (!listed) sink.listed();
      [listed, begun, needed] = [true, false, 4];
      return;
    }
    if (value < 5 || value > mostBytes) {
      throw new ArchiveDamaged(`where a document should begin is the length ${value}`);
    }
    needed = value - 4;
    part = streamed() ? "document" : "header";
    if (streamed()) sink.data(length, 0, 4);
    else held = [length.slice()];
  };

  const partEnded = () => {
    if (part === "length") return lengthEnded();
    if (part === "magic") {
      if (lengthView.getUint32(0, true) !== magic) {
        throw new ArchiveDamaged("it does not begin as one");
      }
    } else if (last !== 0) throw new ArchiveDamaged("a document does not end with a zero");
    else if (part === "document") sink.documentEnded();
    else {
      const document = joinBytes(held);
      held = [];
      if (listed) sink.segment(document);
      else if (begun) sink.collection(document);
      else sink.archive(document);
      begun = true;
    }
    [part, needed] = ["length", 4];
  };

  /** Passes documents on as long as they are whole in the piece, which most are. Returns where it came to. */
  const wholeDocuments = (piece: Uint8Array<ArrayBuffer>, start: number): number => {
    let at = start;
    while (at + 4 <= piece.length) {
      const value = (piece[at]! | piece[at + 1]! << 8 | piece[at + 2]! << 16) +
        piece[at + 3]! * 0x1000000;
      const end = at + value;
      if (value < 5 || end > piece.length || piece[end - 1] !== 0) break;
      sink.data(piece, at, end);
      sink.documentEnded();
      at = end;
    }
    return at;
  };

  return {
    push(piece) {
      let at = 0;
      while (at < piece.length) {
        if (streamed() && part === "length" && needed === 4) {
          at = wholeDocuments(piece, at);
          if (at === piece.length) break;
        }
        const end = Math.min(piece.length, at + needed);
        if (part === "document") sink.data(piece, at, end);
        else if (part === "header") held.push(piece.slice(at, end));
        else length.set(piece.subarray(at, end), 4 - needed);
        last = piece[end - 1]!;
        needed -= end - at;
        at = end;
        if (needed === 0) partEnded();
      }
    },
    mayEnd: () => part === "length" && needed === 4 && listed && !begun,
  };
}
