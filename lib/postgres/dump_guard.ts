import { joinBytes } from "../core/bytes.ts";
import { SlipwayError } from "../core/errors.ts";
import { type DumpEntry, type DumpHead, intAt, readEntry, readHead } from "./dump_contents.ts";

/** Looks on while a dump in pg_dump's custom format passes, not compressed, and knows whether all of it did. */
export interface DumpGuard {
  /** The next bytes. @throws {SlipwayError} when they cannot follow what came before */
  push(bytes: Uint8Array<ArrayBuffer>): void;
  /** There are no more. @throws {SlipwayError} when some are missing */
  end(): void;
  /** What the dump has data of; undefined for a format that is newer than this. */
  withData(): readonly DumpEntry[] | undefined;
}

/** What every dump begins with. */
const magic = new TextEncoder().encode("PGDMP");
/** What data begins with. Source: PostgreSQL, pg_backup_custom.c. */
const blocks = { table: 1, largeObjects: 3 } as const;

/**
 * Make an {@linkcode DumpGuard}. The table of contents stands first and says which data follows; each piece of data
 * says how long it is, and how it ends. Source: PostgreSQL, pg_backup_custom.c.
 */
export function dumpGuard(what: string): DumpGuard {
  let head: DumpHead | undefined;
  const entries: DumpEntry[] = [];
  let left = 0;
  /** Numbers of entries whose data has not come yet. */
  const owed = new Set<number>();
  let state: "contents" | "block" | "table" | "objects" | "object" | "unknown" = "contents";
  /** Bytes of data that are left in this piece of it. */
  let skip = 0;
  /** What was begun in the bytes before. */
  let rest: Uint8Array<ArrayBuffer> = new Uint8Array();

  const wrong = (because: string) =>
    new SlipwayError(`Refused ${what}: ${because}`, {
      remedy: "see whether the program is PostgreSQL's own, or a wrapper that prints something",
    });

  /** Reads what it can of the table of contents, and says where it stopped. */
  function readContents(bytes: Uint8Array): number {
    let at = 0;
    if (head === undefined) {
      const found = magic.findIndex((sign, index) => index < bytes.length && bytes[index] !== sign);
      if (found >= 0) throw wrong("it does not begin as a dump does");
      const read = readHead(bytes);
      if (read === "unknown") state = "unknown";
      if (read === undefined || read === "unknown") return at;
      head = read.head;
      left = head.entries;
      at = read.end;
    }
    for (; left > 0; left--) {
      const read = readEntry(bytes, at, head);
      if (read === undefined) return at;
      at = read.end;
      if (!read.entry.hasData) continue;
      entries.push(read.entry);
      owed.add(read.entry.id);
    }
    state = "block";
    return at;
  }

  /** What a number says, where one stands; for a block, the number behind its kind. */
  function advance(bytes: Uint8Array, at: number, intSize: number): void {
    if (state === "block") {
      const kind = bytes[at];
      const id = intAt(bytes, at + 1, intSize);
      if (!owed.delete(id) || (kind !== blocks.table && kind !== blocks.largeObjects)) {
        throw wrong("data follows that its table of contents does not have");
      }
      state = kind === blocks.table ? "table" : "objects";
      return;
    }
    const value = intAt(bytes, at, intSize);
    if (value < 0) throw wrong("a piece of its data has no length");
    if (state === "objects") state = value === 0 ? "block" : "object";
    else if (value > 0) skip = value;
    else state = state === "table" ? "block" : "objects";
  }

  function push(given: Uint8Array<ArrayBuffer>): void {
    if (state === "unknown") return;
    let bytes = given;
    let at = 0;
    if (state === "contents") {
      bytes = rest.length === 0 ? given : joinBytes([rest, given]);
      at = readContents(bytes);
      rest = new Uint8Array();
      if (head === undefined || left > 0) {
        rest = bytes.slice(at);
        return;
      }
    }
    const { intSize } = head!;
    while (at < bytes.length) {
      if (skip > 0) {
        const passed = Math.min(skip, bytes.length - at);
        skip -= passed;
        at += passed;
        continue;
      }
      const need = 1 + intSize + (state === "block" ? 1 : 0) - rest.length;
      if (rest.length > 0 || bytes.length - at < need) {
        const more = bytes.subarray(at, at + need);
        rest = joinBytes([rest, more]);
        at += more.length;
        if (more.length < need) return;
        advance(rest, 0, intSize);
        rest = new Uint8Array();
      } else {
        advance(bytes, at, intSize);
        at += need;
      }
    }
  }

  return {
    push,
    end() {
      if (state === "unknown") return;
      if (state === "block" && owed.size === 0 && rest.length === 0) return;
      throw wrong(
        state === "contents"
          ? "it ended within its table of contents"
          : `it ended before the data of ${
            owed.size + (state === "block" ? 0 : 1)
          } of ${entries.length} things`,
      );
    },
    withData: () => state === "unknown" ? undefined : entries,
  };
}
