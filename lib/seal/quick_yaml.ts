/** Texts that are what they look like in YAML 1.1 and 1.2, with nothing in them that means anything there. */
const plainText = /^[A-Za-z0-9+/_.=-][A-Za-z0-9+/_.=:@-]*$/;

/** Words and numbers that some parser would not take for a text, and what looks a little like them. */
const notText =
  /^(?:[\d_.:,+-]*(?:e[-+]?\d+)?|[-+]?0[xob].*|[-+]?\.(?:inf|nan)|~|null|true|false|yes|no|on|off|[yn]|<<|=|-.*|.*:)$/i;

const keyLine = /^( *)([A-Za-z_][A-Za-z0-9._/-]*):(?: +(.*?))? *$/;

/**
 * The documents of YAML that is laid out as clients of Kubernetes write Secrets: maps, line by line, of texts on one
 * line. Undefined when there is anything else in it, or anything wrong: then the parser has to look, which takes longer
 * to load than a sealing takes.
 */
export function readQuickly(text: string): Record<string, unknown>[] | undefined {
  const parts = text.split(/^---[ \t]*(?:\r?\n|$)/m);
  // Before the first mark there may be nothing but comments.
  if (parts.length > 1 && /^(?:\s*(?:#.*)?\n)*\s*$/.test(parts[0]!)) parts.shift();
  const documents: Record<string, unknown>[] = [];
  for (const part of parts) {
    const document = documentOf(part);
    if (document === undefined || Object.keys(document).length === 0) return undefined;
    documents.push(document);
  }
  return documents;
}

function documentOf(text: string): Record<string, unknown> | undefined {
  const root: Record<string, unknown> = {};
  const open = [{ map: root, indent: 0 }];
  let waiting: { map: Record<string, unknown>; parent: number } | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, blanks, key, written] = keyLine.exec(line) ?? [];
    if (blanks === undefined || key === undefined) return undefined;
    // These keys would not come out as they are written.
    if (/^(?:true|false|null|__proto__)$/i.test(key)) return undefined;
    const indent = blanks.length;
    if (waiting !== undefined) {
      if (indent <= waiting.parent) return undefined;
      open.push({ map: waiting.map, indent });
      waiting = undefined;
    }
    while (open.length > 1 && open.at(-1)!.indent > indent) open.pop();
    const { map, indent: wanted } = open.at(-1)!;
    if (indent !== wanted || Object.hasOwn(map, key)) return undefined;
    if (written === undefined || written === "") {
      waiting = { map: {}, parent: indent };
      map[key] = waiting.map;
      continue;
    }
    const value = scalarOf(written);
    if (value === undefined) return undefined;
    map[key] = value;
  }
  return waiting === undefined ? root : undefined;
}

function scalarOf(written: string): string | undefined {
  const [, double, single] = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(written) ?? [];
  if (double !== undefined || single !== undefined) return double ?? single;
  return plainText.test(written) && !notText.test(written) ? written : undefined;
}

/** A map of texts and maps as YAML, several lines as a literal; undefined when there is anything else in it. */
export function writeQuickly(value: object, indent = ""): string | undefined {
  const lines: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    const name = `${indent}${scalar(key)}:`;
    if (typeof item === "string") lines.push(`${name} ${textOf(item, `${indent}  `)}`);
    else if (typeof item === "boolean") lines.push(`${name} ${item}`);
    else {
      const isMap = typeof item === "object" && item !== null && !Array.isArray(item);
      const below = isMap && Object.keys(item).length > 0
        ? writeQuickly(item, `${indent}  `)
        : undefined;
      if (below === undefined) return undefined;
      lines.push(`${name}\n${below.slice(0, -1)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function textOf(text: string, indent: string): string {
  const isLiteral = /^[\x21-\x7e][\x20-\x7e]*(?:\n[\x21-\x7e][\x20-\x7e]*)*\n$/.test(text);
  return isLiteral ? `|\n${text.slice(0, -1).replace(/^/gm, indent)}` : scalar(text);
}

function scalar(text: string): string {
  return plainText.test(text) && !notText.test(text) ? text : JSON.stringify(text);
}
