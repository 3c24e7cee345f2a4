import { asidePrefix, needless, type PodFolder, runToEnd } from "./archive.ts";

/** What the name of the folder ends with while files move into it or out of it: what lies beside it is old too. */
const moving = ".moving";

/**
 * Move all that is in a folder into one within it: nothing is lost before new files are proved. Each state of it has a
 * name of its own, to which it comes in one step, so that a run after one that was killed knows which files are whose.
 * What is returned removes them; {@linkcode settleAside} puts them back.
 */
export async function setAside(
  place: PodFolder,
  id: string,
  signal: AbortSignal,
): Promise<{ forget(): Promise<void> }> {
  const { folder } = place;
  const run = (...argv: [string, ...string[]]) => runToEnd(place, argv, signal);
  const aside = `${folder}/${asidePrefix}${id}`;
  await run("mkdir", aside + moving);
  await run("find", folder, ...direct, ...notOurs, ...moveInto(aside + moving));
  await run("mv", "-T", aside + moving, aside);
  return {
    async forget() {
      await run("mv", "-T", aside, aside + needless);
      await run("rm", "-rf", aside + needless);
    },
  };
}

/**
 * Bring a folder back to what it had before a restore that did not come to its end.
 *
 * @returns whether there was such a one
 */
export async function settleAside(place: PodFolder, signal: AbortSignal): Promise<boolean> {
  const { folder } = place;
  const run = (...argv: [string, ...string[]]) => runToEnd(place, argv, signal);
  const names = await asidesIn(place, signal);
  for (const name of names) {
    let found = `${folder}/${name}`;
    if (name.endsWith(needless)) {
      await run("rm", "-rf", found);
      continue;
    }
    if (!name.endsWith(moving)) {
      await run("find", folder, ...direct, ...notOurs, "-exec", "rm", "-rf", "--", "{}", "+");
      await run("mv", "-T", found, found + moving);
      found += moving;
    }
    await run("find", found, ...direct, ...moveInto(folder));
    await run("rmdir", found);
  }
  return names.length > 0;
}

/** Names of the folders in which restores that did not come to their end have set files aside. */
export async function asidesIn(
  { run, folder }: PodFolder,
  signal: AbortSignal,
): Promise<string[]> {
  const listing = await run({
    argv: ["find", folder, ...direct, "-name", `${asidePrefix}*`, "-printf", "%f\\n"],
  }, { signal });
  const names = await new Response(listing.stdout).text();
  return names.split("\n").filter((name) => name !== "");
}

const direct = ["-mindepth", "1", "-maxdepth", "1"] as const;
const notOurs = ["!", "-name", "lost+found", "!", "-name", `${asidePrefix}*`] as const;

function moveInto(folder: string): string[] {
  return ["-exec", "mv", "-t", folder, "--", "{}", "+"];
}
