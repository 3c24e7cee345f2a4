/** Rows of each table, by schema and table as `format('%I.%I')` writes them. */
export type RowCounts = Readonly<Record<string, number>>;

/** A table that has other rows than it should. */
export interface CountDifference {
  /** Schema and table. */
  table: string;
  /** Rows that it should have; undefined where it should not be there. */
  wanted?: number;
  /** Rows that it has; undefined where it is not there. */
  found?: number;
}

/**
 * Where two counts of the rows of the same tables differ, by the tables' names. A table that was not counted may be
 * there without rows: a standby cannot read unlogged ones.
 */
export function compareCounts(wanted: RowCounts, found: RowCounts): CountDifference[] {
  const tables = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].toSorted();
  return tables.flatMap((table) => {
    const [want, have] = [own(wanted, table), own(found, table)];
    if (want === have || want === undefined && have === 0) return [];
    return [{
      table,
      ...want === undefined ? {} : { wanted: want },
      ...have === undefined ? {} : { found: have },
    }];
  });
}

/** A difference in words: `public.orders has 3 rows, wanted 4`. */
export function describeDifference({ table, wanted, found }: CountDifference): string {
  if (found === undefined) return `${table} is not there, wanted ${rows(wanted ?? 0)}`;
  if (wanted === undefined) return `${table} is there with ${rows(found)}, and was not backed up`;
  return `${table} has ${rows(found)}, wanted ${wanted}`;
}

/** How many rows there are in all. */
export function totalRows(counts: RowCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function own(counts: RowCounts, table: string): number | undefined {
  return Object.hasOwn(counts, table) ? counts[table] : undefined;
}

function rows(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}
