import { messageOf, SlipwayError, UsageError } from "../core/errors.ts";
import type { Systemctl } from "./systemctl.ts";
import { unitPrefix } from "./timed_task.ts";
import { ownerOf, type UnitFile } from "./unit_file.ts";

/** Where systemd finds the units of whoever manages a host. Source: systemd.unit(5), "Unit File Load Path". */
export const systemUnits = "/etc/systemd/system";

/** What becomes of one unit. */
export interface UnitChange {
  /** The unit, as it shall be; without text where it goes. */
  unit: UnitFile;
  /** What is done with it. */
  action: "created" | "configured" | "unchanged" | "pruned";
  /** Why, in one line. */
  because?: string;
}

/**
 * What makes a folder's units those that are wanted: others of the same owner go, all else stays.
 *
 * @throws {UsageError} when a wanted name is taken by a file of somebody else
 */
export async function planUnits(
  folder: string,
  owner: string,
  wanted: readonly UnitFile[],
): Promise<UnitChange[]> {
  const found = await readUnits(folder);
  const changes = wanted.map((unit): UnitChange => {
    const text = found.get(unit.name);
    if (text === undefined) return { unit, action: "created" };
    if (text === unit.text) return { unit, action: "unchanged" };
    const other = ownerOf(text);
    if (other === owner) return { unit, action: "configured" };
    throw new UsageError(
      `Refused to write ${folder}/${unit.name}: it is ${
        other === undefined ? "not a unit of Slipway's" : `one of ${other}`
      }`,
      { remedy: "move it away if it is not needed, or give the job another name" },
    );
  });
  const names = new Set(wanted.map(({ name }) => name));
  const stale = [...found].filter(([name, text]) => !names.has(name) && ownerOf(text) === owner)
    .map(([name]): UnitChange => ({
      unit: { name, text: "" },
      action: "pruned",
      because: "no job of the platform wants it",
    }));
  return [...changes, ...stale];
}

/** Names and texts of all units in a folder that may be Slipway's. */
async function readUnits(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !name.startsWith(unitPrefix) || !/\.(service|timer)$/.test(name)) continue;
      found.set(name, await Deno.readTextFile(`${folder}/${name}`));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw cannot("read", folder, error);
  }
  return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
}

/** Write and remove the files of a plan. A file is whole or not there, whenever this is cut off. */
export async function writeUnits(folder: string, plan: readonly UnitChange[]): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const { unit, action } of plan) {
      const path = `${folder}/${unit.name}`;
      if (action === "pruned") await Deno.remove(path);
      if (action !== "created" && action !== "configured") continue;
      const partial = `${folder}/.${unit.name}.partial`;
      await Deno.writeTextFile(partial, unit.text, { mode: 0o644 });
      await Deno.rename(partial, path);
    }
  } catch (error) {
    throw cannot("write", folder, error);
  }
}

/**
 * Make a host's units those of a plan, and its timers run; what a run that was cut off left undone is done too. A
 * service that runs at the time goes on to its end.
 *
 * @returns how many things had to be done
 */
export async function installUnits(
  folder: string,
  plan: readonly UnitChange[],
  systemctl: Systemctl,
): Promise<number> {
  const written = plan.filter(({ action }) => action !== "unchanged");
  const named = (changes: readonly UnitChange[], ending: string) =>
    changes.map(({ unit }) => unit.name).filter((name) => name.endsWith(ending));
  const pruned = plan.filter(({ action }) => action === "pruned");
  await systemctl.act(["disable", "--now"], named(pruned, ".timer"));
  await writeUnits(folder, plan);
  const kept = plan.filter(({ action }) => action !== "pruned");
  const names = kept.map(({ unit }) => unit.name);
  const unread = (await systemctl.show(names, ["NeedDaemonReload", "LoadState"]))
    .some((unit) => unit["NeedDaemonReload"] === "yes" || unit["LoadState"] === "not-found");
  if (written.length > 0 || unread) await systemctl.reload();
  const timers = named(kept, ".timer");
  const states = await systemctl.show(timers, ["UnitFileState", "ActiveState"]);
  const idle = timers.filter((_, at) =>
    states[at]?.["UnitFileState"] !== "enabled" || states[at]?.["ActiveState"] !== "active"
  );
  await systemctl.act(["enable", "--now"], idle);
  // A timer that waits goes on with its old time until it is started anew.
  const changed = named(kept.filter(({ action }) => action === "configured"), ".timer")
    .filter((timer) => !idle.includes(timer));
  await systemctl.act(["restart"], changed);
  return written.length + idle.length;
}

function cannot(what: string, folder: string, error: unknown): SlipwayError {
  const refused = error instanceof Deno.errors.PermissionDenied;
  return new SlipwayError(`Cannot ${what} the units in ${folder}: ${messageOf(error)}`, {
    ...refused ? { remedy: "run it as root, or name another folder with --folder" } : {},
    cause: error,
  });
}
