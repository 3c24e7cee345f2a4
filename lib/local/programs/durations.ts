import { readIfThere, writePrivate } from "../files.ts";

/** How long things took the last time, in milliseconds, by what was done. */
export type Durations = Readonly<Record<string, number>>;

/** What was measured before; nothing when the file is missing or damaged, since it only informs. */
export async function readDurations(cacheDir: string): Promise<Durations> {
  try {
    const known: unknown = JSON.parse(await readIfThere(pathIn(cacheDir)) ?? "{}");
    return Object.fromEntries(
      Object.entries(known ?? {}).filter(([, ms]) => typeof ms === "number"),
    );
  } catch {
    return {};
  }
}

/** Remember how long a thing took. Of two runs that do so at once, one may be forgotten. */
export async function rememberDuration(cacheDir: string, what: string, ms: number): Promise<void> {
  const known = await readDurations(cacheDir);
  await writePrivate(
    pathIn(cacheDir),
    JSON.stringify({ ...known, [what]: Math.round(ms) }, null, 2) + "\n",
  );
}

function pathIn(cacheDir: string): string {
  return `${cacheDir}/durations.json`;
}
