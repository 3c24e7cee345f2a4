/**
 * The password that a file such as `~/.pgpass` has for a login; the first line that fits wins, and `*` fits all.
 * Source: PostgreSQL, libpq "The Password File".
 */
export function passwordInFile(
  text: string,
  { host, port, database, user }: { host: string; port: number; database: string; user: string },
): string | undefined {
  // A socket's folder is known there by this name.
  const wanted = [host.startsWith("/") ? "localhost" : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = fieldsOf(line);
    const password = fields[4];
    if (password === undefined) continue;
    if (wanted.every((value, at) => fields[at] === "*" || fields[at] === value)) return password;
  }
  return undefined;
}

/** Fields between colons, of which the last one may have more; a backslash takes the sign behind it as it is. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let field = "";
  for (let at = 0; at < line.length; at++) {
    if (line[at] === ":" && fields.length < 4) {
      fields.push(field);
      field = "";
      continue;
    }
    if (line[at] === "\\" && at + 1 < line.length) at++;
    field += line[at];
  }
  return [...fields, field];
}
