import { SlipwayError } from "../core/errors.ts";

/** One entry of a dump in pg_dump's custom format. */
export interface ArchiveEntry {
  /** Its number in the dump. */
  id: number;
  /** Catalogue and object that it was read from; zeros where there is none. */
  oid: string;
  /** The rest of its line: kind, schema, name and owner, divided by spaces that names may have too. */
  text: string;
  /** Its line, as `--use-list` wants it back. */
  line: string;
}

/**
 * Read what `pg_restore --list` prints. Source: PostgreSQL, pg_restore, "--use-list"; it prints line breaks of names as
 * spaces.
 *
 * @throws {SlipwayError} when it has no entry
 */
export function readArchiveList(text: string): ArchiveEntry[] {
  const entries = text.split("\n").flatMap((line) => {
    const [, id, oid, rest] = /^(\d+); (\d+ \d+) (.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), oid: oid!, text: rest!, line }];
  });
  if (entries.length > 0) return entries;
  throw new SlipwayError("Cannot read what the dump has: pg_restore lists nothing", {
    remedy: "use another backup",
  });
}

/** What entries are of. */
export type EntryClass =
  /** The database itself: that it is there, its settings, who may connect. */
  | "database"
  /** Rows of a table, and the last numbers of sequences. */
  | "data"
  /** Large objects, and whom they belong to. */
  | "large-objects"
  /** References from one table to another. */
  | "reference"
  /** What a table gets when its rows are in: indexes, constraints, triggers, policies. */
  | "after"
  /** Everything else. */
  | "definition";

/** Source: PostgreSQL, pg_backup_archiver.c, the descriptions of entries. */
const classes: readonly (readonly [RegExp, EntryClass])[] = [
  [/^(DATABASE( PROPERTIES)?|(ACL|COMMENT|SECURITY LABEL) - DATABASE) /, "database"],
  [/^(BLOBS?( METADATA)?|(ACL|COMMENT|SECURITY LABEL) - LARGE OBJECTS?) /, "large-objects"],
  [/^(TABLE DATA|SEQUENCE SET) /, "data"],
  [/^FK CONSTRAINT /, "reference"],
  [
    /^((CHECK )?CONSTRAINT|INDEX|INDEX ATTACH|STATISTICS|RULE|TRIGGER|POLICY|ROW SECURITY|EVENT TRIGGER|PUBLICATION( TABLES? IN SCHEMA| TABLE)?|SUBSCRIPTION( TABLE)?|MATERIALIZED VIEW DATA|DEFAULT ACL|STATISTICS DATA) /,
    "after",
  ],
];

/** What an entry is of. */
export function classOf({ text }: Pick<ArchiveEntry, "text">): EntryClass {
  return classes.find(([pattern]) => pattern.test(text))?.[1] ?? "definition";
}

/** The name of a table: its schema and its own name. */
export interface TableName {
  /** Schema. */
  schema: string;
  /** Its name there. */
  table: string;
}

/** What of a dump restores all definitions, and the rows of some tables. */
export interface PartialEntries {
  /** What has to be there before rows come. */
  definitions: ArchiveEntry[];
  /** The rows, the last numbers of sequences, and all that tables get when their rows are in. */
  contents: ArchiveEntry[];
  /** References from one table to another, which need not hold where rows lack. */
  references: ArchiveEntry[];
}

/** The entries that restore all definitions, and the rows of these tables only. */
export function entriesOfTables(
  entries: readonly ArchiveEntry[],
  tables: readonly TableName[],
): PartialEntries {
  const rows = tables.map(({ schema, table }) =>
    `TABLE DATA ${oneLine(schema)} ${oneLine(table)} `
  );
  const of = (kind: EntryClass) => entries.filter((entry) => classOf(entry) === kind);
  return {
    definitions: of("definition"),
    contents: [
      ...of("data").filter(({ text }) =>
        text.startsWith("SEQUENCE SET ") || rows.some((each) => text.startsWith(each))
      ),
      // A view of rows that lack would look like one of all rows, and a copy subscribes to nothing.
      ...of("after").filter(({ text }) => !/^(MATERIALIZED VIEW DATA|SUBSCRIPTION)/.test(text)),
    ],
    references: of("reference"),
  };
}

function oneLine(name: string): string {
  return name.replaceAll(/[\r\n]/g, " ");
}
