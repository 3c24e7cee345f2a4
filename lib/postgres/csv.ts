/**
 * Records of comma-separated values, as psql prints them: fields in double quotes may have commas, line ends and doubled
 * quotes in them. Source: RFC 4180.
 */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = "";
    if (text[at] === '"') {
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        const end = quote < 0 ? text.length : quote;
        field += text.slice(from, end);
        at = end + 1;
        if (text[at] !== '"') break;
        field += '"';
        from = at + 1;
      }
    } else {
      const [found = ""] = /^[^,\n]*/.exec(text.slice(at, at + 64)) ?? [];
      field = found.length < 64 ? found : /^[^,\n]*/.exec(text.slice(at))![0];
      at += field.length;
    }
    record.push(field);
    const sign = text[at++];
    if (sign === ",") {
      // A line that ends in a comma has one more field, which is empty.
      if (at === text.length) record.push("");
      continue;
    }
    records.push(record);
    record = [];
  }
  if (record.length > 0) records.push(record);
  return records;
}
