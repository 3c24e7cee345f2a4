import { splitSql, sqlWords } from "./sql_statements.ts";

/** What a server has of roles before a restore. */
export interface KnownRoles {
  /** Names of its roles. */
  roles: ReadonlySet<string>;
}

/** What of a dump of roles a server lacks. */
export interface MissingRoles {
  /** Roles that are made. */
  roles: string[];
  /** Statements that make them, with what belongs to them, in order. */
  statements: string[];
  /** Tablespaces that the dump has. */
  tablespaces: string[];
}

/**
 * What of the script of `pg_dumpall --globals-only` a server lacks: roles that it does not have, with their settings,
 * their passwords and their memberships. What it has is left as it is; tablespaces need folders, so they are only told.
 */
export function missingRoles(
  script: string,
  { roles: known }: KnownRoles,
  { passwords = true }: { passwords?: boolean } = {},
): MissingRoles {
  const made = new Set<string>();
  const tablespaces: string[] = [];
  const statements: string[] = [];
  for (const statement of splitSql(script)) {
    const words = sqlWords(statement);
    const [first, second, third] = words.map(({ text }) => text);
    if (third === undefined) continue;
    if (first === "CREATE" && second === "ROLE") {
      if (known.has(third)) continue;
      made.add(third);
      statements.push(statement);
    } else if (first === "CREATE" && second === "TABLESPACE") {
      tablespaces.push(third);
    } else if (first === "ALTER" && second === "ROLE") {
      // Settings of a role in one database come with that database.
      const inDatabase = words[3]?.text === "IN" && words[4]?.text === "DATABASE";
      if (made.has(third) && !inDatabase) {
        statements.push(passwords ? statement : withoutPassword(statement));
      }
    } else if (first === "GRANT" && words[2]?.text === "TO") {
      const member = words[3]?.text;
      const grantor = words.findIndex(({ text, quoted }) => text === "GRANTED" && !quoted);
      // A grantor that the server lets grant nothing would fail it, and whoever restores stands for it as well.
      const until = grantor < 0 ? statement.length : words[grantor]!.at;
      if (made.has(second!) || made.has(member ?? "")) {
        statements.push(statement.slice(0, until).trimEnd());
      }
    } else if (first === "COMMENT" && second === "ON" && third === "ROLE") {
      if (made.has(words[3]?.text ?? "")) statements.push(statement);
    }
  }
  return { roles: [...made], statements, tablespaces };
}

/** `PASSWORD` is followed by what the server keeps of it. */
function withoutPassword(statement: string): string {
  const words = sqlWords(statement);
  const at = words.findIndex(({ text, quoted }) => text === "PASSWORD" && !quoted);
  const value = words[at + 1];
  if (at < 0 || value === undefined) return statement;
  return statement.slice(0, words[at]!.at).trimEnd() + statement.slice(value.at + value.length);
}
