import { resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import type { VaultPlan } from "../../vault/configure/change.ts";
import type { SeedSource } from "../../vault/configure/desired.ts";
import type { SeedValues } from "../../vault/configure/seed.ts";

/** Where values come from that are not in Vault. */
export interface SeedSources {
  /** Values that somebody gave, which go before all others. */
  given?: SeedValues;
  /** Folder that files in the platform are relative to. */
  folder: string;
  /** Ask people for what is asked for. @default true */
  prompt?: boolean;
}

const remedy =
  "give the values in a file with --seed-from FILE, or leave them out for now with --no-prompt";

/**
 * The values that a plan needs from files and people. All are asked for before the first change, so that nobody waits
 * half-way; an empty answer leaves a key out.
 */
export async function gatherSeedValues(
  plan: VaultPlan,
  { given = {}, folder, prompt = true }: SeedSources,
  context: Context,
): Promise<SeedValues> {
  const values: Record<string, Record<string, string>> = structuredClone({ ...given });
  const open = openKeys(plan).filter(({ path, key }) => values[path]?.[key] === undefined);
  const questions = open.filter(({ source }) => source.from === "person").length;
  if (questions > 0 && prompt) {
    context.emit({
      type: "note",
      level: "info",
      message:
        `${questions} ${questions === 1 ? "value is" : "values are"} asked for; nothing is ` +
        "shown while you type, and an empty answer leaves one out",
    });
  }
  for (const { path, key, source } of open) {
    const value = source.from === "file"
      ? await readSeed(resolve(folder, source.file), path, key)
      : source.from === "person" && prompt
      ? await context.askSecret(source.question, remedy)
      : "";
    if (value === "") continue;
    context.redactor.add(value);
    (values[path] ??= {})[key] = value;
  }
  return values;
}

/** Tell of given values that no secret of the platform asks for: most likely they are mistyped. */
export function unknownValues(
  given: SeedValues,
  seeds: readonly { mount: string; path: string; keys: Readonly<Record<string, unknown>> }[],
): string[] {
  const known = new Map(seeds.map(({ mount, path, keys }) => [`${mount}/${path}`, keys]));
  return Object.entries(given).flatMap(([path, values]) =>
    Object.keys(values).filter((key) => !(key in (known.get(path) ?? {})))
      .map((key) => `${path} ${key}`)
  );
}

interface OpenKey {
  path: string;
  key: string;
  source: SeedSource;
}

function openKeys({ changes }: VaultPlan): OpenKey[] {
  return changes.flatMap(({ act }) => {
    if (act?.do !== "seed") return [];
    const { mount, path, keys } = act.seed;
    return act.missing.map((key) => ({ path: `${mount}/${path}`, key, source: keys[key]! }));
  });
}

async function readSeed(file: string, path: string, key: string): Promise<string> {
  try {
    return (await Deno.readTextFile(file)).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new UsageError(`Cannot seed ${key} of ${path} from ${file}: ${messageOf(cause)}`, {
      remedy: "put the file there, or give the value with --seed-from",
      cause,
    });
  }
}
