/**
 * The values of a stream of JSON texts, with or without white space between them, as kubeseal and kubectl
 * write and read it; undefined when the text is not such a stream of objects.
 */
export function jsonTexts(text: string): unknown[] | undefined {
  try {
    return [JSON.parse(text)];
  } catch {
    // Several values, or none: what V8 says would repeat a part of the text.
  }
  const values: unknown[] = [];
  for (const part of objectsOf(text)) {
    try {
      values.push(JSON.parse(part));
    } catch {
      return undefined;
    }
  }
  return values;
}

/** Stretches of a text that are objects by their braces, and what else there is. */
function objectsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  // A string, whatever it holds, or a brace outside of strings.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === "{") depth++;
    if (token !== "}") continue;
    depth--;
    if (depth > 0) continue;
    parts.push(text.slice(start, index + 1));
    start = index + 1;
  }
  const rest = text.slice(start);
  return rest.trim() === "" ? parts : [...parts, rest];
}
