import type { MongodbBackupDetails } from "./details.ts";

/** What is in a MongoDB, or in one of its databases. */
export type MongodbContent = Pick<MongodbBackupDetails, "collections" | "views">;

/** How what is there differs from what a backup has. */
export interface MongodbDifferences {
  /** Of what the backup has: what lacks, or has another number of documents; one sentence part each. */
  wrong: string[];
  /** What the backup does not have, and is there. */
  extra: string[];
}

/** Documents of a time series come under this, where a server tells them so. */
const bucketsPrefix = "system.buckets.";

/** The part of a backup's content that is of one database, under the name that it is restored as. */
export function contentOf(
  { collections, views }: MongodbContent,
  { from, to }: { from: string; to: string },
): MongodbContent {
  const renamed = (name: string) =>
    name.startsWith(`${from}.`) ? `${to}${name.slice(from.length)}` : undefined;
  return {
    collections: Object.fromEntries(
      Object.entries(collections).flatMap(([name, count]) => {
        const other = renamed(name);
        return other === undefined ? [] : [[other, count]];
      }),
    ),
    views: views.flatMap((name) => renamed(name) ?? []),
  };
}

/** Compare what is there with what a backup has. */
export function compareContent(found: MongodbContent, wanted: MongodbContent): MongodbDifferences {
  const counts = withoutBuckets(found.collections);
  const wantedCounts = withoutBuckets(wanted.collections);
  const wrong = [...wantedCounts].flatMap(([name, count]) => {
    const there = counts.get(name);
    if (there === count) return [];
    return there === undefined
      ? [`the collection ${name} is not there`]
      : [`${name} has ${there} documents, wanted ${count}`];
  });
  const views = new Set(found.views);
  for (const view of wanted.views) {
    if (!views.has(view)) wrong.push(`the view ${view} is not there`);
  }
  const known = new Set([...wantedCounts.keys(), ...wanted.views]);
  const extra = [...counts.keys(), ...found.views].filter((name) => !known.has(name));
  return { wrong, extra };
}

/** Servers differ in which name they tell documents of a time series under. */
function withoutBuckets(collections: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(
    Object.entries(collections).map(([name, count]) => {
      const dot = name.indexOf(".") + 1;
      const own = name.slice(dot);
      return [
        own.startsWith(bucketsPrefix) ? name.slice(0, dot) + own.slice(bucketsPrefix.length) : name,
        count,
      ];
    }),
  );
}
