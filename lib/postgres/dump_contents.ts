/** What a dump's table of contents says of one thing in it. */
export interface DumpEntry {
  /** Its number in the dump. */
  id: number;
  /** Whether the dump has data for it. */
  hasData: boolean;
  /** What it is, such as `TABLE DATA`. */
  kind: string;
  /** Its schema; absent where it has none. */
  schema: string | undefined;
  /** Its name. */
  name: string;
}

/** What a dump's head says. */
export interface DumpHead {
  /** Minor version of the format; the major one is 1. */
  version: number;
  /** Bytes of a number, without that of its sign. */
  intSize: number;
  /** Bytes of a position in the file. */
  offsetSize: number;
  /** How many entries its table of contents has. */
  entries: number;
}

/** Versions of the format that are known: those of PostgreSQL 12 to 18. Source: PostgreSQL, pg_backup_archiver.h. */
const known = { from: 14, to: 16 };

/** Reads numbers and texts one after the other. {@linkcode tooShort} is thrown where there are no more bytes. */
interface Reader {
  byte(): number;
  int(): number;
  text(): string | undefined;
  /** Passes over some texts. */
  texts(count: number): void;
  skip(bytes: number): void;
  position(): number;
}

/** That more bytes are needed. */
const tooShort = Symbol("too short");

/**
 * Read a dump's head. Source: PostgreSQL, pg_backup_archiver.c, ReadHead().
 *
 * @returns the head and where it ends; undefined when more bytes are needed, or `unknown` for other formats
 */
export function readHead(
  bytes: Uint8Array,
): { head: DumpHead; end: number } | "unknown" | undefined {
  const magicBytes = 5;
  return reading(() => {
    const [major, version, , intSize, offsetSize, format] = bytes.subarray(magicBytes);
    if (format === undefined) throw tooShort;
    const custom = 1;
    if (major !== 1 || version! < known.from || version! > known.to || format !== custom) {
      return "unknown" as const;
    }
    const reader = readerOf(bytes, magicBytes + 6, intSize!);
    if (version! >= 15) reader.byte();
    else reader.int();
    const timeParts = 7;
    for (let part = 0; part < timeParts; part++) reader.int();
    // Database, and versions of server and pg_dump.
    reader.texts(3);
    const head = {
      version: version!,
      intSize: intSize!,
      offsetSize: offsetSize!,
      entries: reader.int(),
    };
    return { head, end: reader.position() };
  });
}

/**
 * Read an entry of the table of contents. Source: PostgreSQL, pg_backup_archiver.c, ReadToc(); pg_backup_custom.c,
 * _ReadExtraToc().
 *
 * @returns the entry and where it ends; undefined when more bytes are needed
 */
export function readEntry(
  bytes: Uint8Array,
  start: number,
  { version, intSize, offsetSize }: DumpHead,
): { entry: DumpEntry; end: number } | undefined {
  return reading(() => {
    const reader = readerOf(bytes, start, intSize);
    const id = reader.int();
    const hasData = reader.int() !== 0;
    // Numbers of its catalogue and in it.
    reader.texts(2);
    const name = reader.text() ?? "";
    const kind = reader.text() ?? "";
    reader.int();
    // Statements that define, drop and fill it.
    reader.texts(3);
    const schema = reader.text();
    // Tablespace and access method.
    reader.texts(2);
    if (version >= 16) reader.int();
    // Owner, and whether it has oids.
    reader.texts(2);
    // What it depends on.
    while (reader.text() !== undefined);
    reader.skip(1 + offsetSize);
    return { entry: { id, hasData, kind, schema, name }, end: reader.position() };
  });
}

/** A number: its sign, then its bytes, the lowest first. Source: PostgreSQL, pg_backup_archiver.c, ReadInt(). */
export function intAt(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size; index >= 1; index--) value = value * 256 + bytes[at + index]!;
  return bytes[at] === 0 ? value : -value;
}

const decoder = new TextDecoder();

function readerOf(bytes: Uint8Array, start: number, intSize: number): Reader {
  let at = start;
  const take = (count: number) => {
    if (at + count > bytes.length) throw tooShort;
    at += count;
    return at - count;
  };
  const int = () => intAt(bytes, take(1 + intSize), intSize);
  return {
    byte: () => bytes[take(1)]!,
    int,
    text() {
      const length = int();
      if (length < 0) return undefined;
      const from = take(length);
      return decoder.decode(bytes.subarray(from, from + length));
    },
    texts(count) {
      for (; count > 0; count--) take(Math.max(int(), 0));
    },
    skip: (count) => void take(count),
    position: () => at,
  };
}

function reading<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === tooShort) return undefined;
    throw error;
  }
}
