import { quotedName } from "./sql_session.ts";
import { splitSql, sqlWords } from "./sql_statements.ts";

/** The statements of a dump that are about the database itself. */
export interface DatabaseSql {
  /** Makes it; cannot run in a transaction. */
  create: string;
  /** Gives it its owner and its settings, and says who may connect; to be done before its contents come. */
  properties: string[];
  /** What would stand in the way of its contents, such as that nobody may connect; to be done at the end. */
  last: string[];
  /** Its comment. */
  comment?: string;
}

/**
 * What pg_restore wrote of a database itself, for one of another name.
 *
 * @returns undefined when it has no statement that makes a database
 */
export function readDatabaseSql(script: string, name: string): DatabaseSql | undefined {
  const statements = splitSql(script)
    .map((statement) => renamed(statement, name))
    .filter((statement) => statement !== undefined);
  const create = statements.find((statement) => statement.startsWith("CREATE DATABASE "));
  if (create === undefined) return undefined;
  const comment = statements.find((statement) => statement.startsWith("COMMENT "));
  const others = statements.filter((statement) => statement !== create && statement !== comment);
  return {
    create,
    properties: others.filter((statement) => !inTheWay(statement)),
    last: others.filter(inTheWay),
    ...comment === undefined ? {} : { comment },
  };
}

/** Whether a statement is about who owns a database and what others may do with it. */
export function isAboutRoles(statement: string): boolean {
  const words = sqlWords(statement).map(({ text }) => text);
  return ["GRANT", "REVOKE"].includes(words[0]!) || words[1] === "ROLE" || words[3] === "OWNER";
}

function inTheWay(statement: string): boolean {
  const words = sqlWords(statement).map(({ text }) => text);
  return statement.startsWith("ALTER DATABASE ") &&
    (["ALLOW_CONNECTIONS", "CONNECTION", "IS_TEMPLATE"].includes(words[3] ?? "") ||
      (words[3] === "SET" && words[4] === "default_transaction_read_only"));
}

/**
 * The statement that makes a database, without what ties it to the server that it was on: its tablespace, and where
 * `locale` is given its locale.
 */
export function looseCreate(
  create: string,
  { locale, tablespace = false }: { locale?: string; tablespace?: boolean },
): string {
  let statement = create;
  if (!tablespace) statement = withoutOption(statement, ["TABLESPACE"]);
  if (locale === undefined) return statement;
  const options = [
    "LOCALE",
    "LOCALE_PROVIDER",
    "LC_COLLATE",
    "LC_CTYPE",
    "ICU_LOCALE",
    "ICU_RULES",
    "BUILTIN_LOCALE",
    "COLLATION_VERSION",
  ];
  return `${withoutOption(statement, options)} LOCALE = '${locale.replaceAll("'", "''")}'`;
}

/** Where a statement names the database. Source: PostgreSQL, pg_dump.c, dumpDatabase(), and dumputils.c. */
const places: readonly (readonly string[])[] = [
  ["CREATE", "DATABASE"],
  ["ALTER", "DATABASE"],
  ["COMMENT", "ON", "DATABASE"],
];

function renamed(statement: string, name: string): string | undefined {
  const words = sqlWords(statement);
  const begin = places.find((place) =>
    place.every((word, at) => words[at]?.text === word && !words[at]?.quoted)
  );
  const at = begin?.length ?? afterDatabase(words);
  const target = at === undefined ? undefined : words[at];
  if (target === undefined) return undefined;
  return statement.slice(0, target.at) + quotedName(name) +
    statement.slice(target.at + target.length);
}

/** In `GRANT … ON DATABASE x`, `ALTER ROLE r IN DATABASE x` and `SECURITY LABEL … ON DATABASE x`. */
function afterDatabase(words: ReturnType<typeof sqlWords>): number | undefined {
  const first = words[0];
  if (first === undefined || !["GRANT", "REVOKE", "ALTER", "SECURITY"].includes(first.text)) {
    return undefined;
  }
  const at = words.findIndex(({ text, quoted }, at) =>
    text === "DATABASE" && !quoted && ["ON", "IN"].includes(words[at - 1]?.text ?? "")
  );
  return at < 0 ? undefined : at + 1;
}

/** Options of CREATE DATABASE are a name, an equals sign and one value. */
function withoutOption(statement: string, options: readonly string[]): string {
  let result = statement;
  for (const option of options) {
    const words = sqlWords(result);
    const at = words.findIndex((word, index) =>
      word.text === option && !word.quoted && words[index + 1]?.text === "="
    );
    const value = words[at + 2];
    if (at < 0 || value === undefined) continue;
    result = `${result.slice(0, words[at]!.at).trimEnd()}${result.slice(value.at + value.length)}`;
  }
  return result;
}
