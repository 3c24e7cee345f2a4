import { mapConcurrently } from "../../core/concurrency.ts";
import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError, UsageError } from "../../core/errors.ts";
import { elapsedMs } from "../../core/steps.ts";
import type { ResealedItem } from "../../seal/reseal.ts";
import { setInFile } from "./edit.ts";
import { openResealer, type ResealerRequest } from "./resealer.ts";
import { readTree } from "./tree.ts";
import { type SealUnit, unitsOf } from "./units.ts";
import { type FileChange, writeAll } from "./write_all.ts";

/** What is to be sealed again, and with which keys. */
export interface ResealRequest extends ResealerRequest {
  /** Files and folders, as typed. */
  paths: readonly string[];
  /** Leave items that no key opens as they are, and tell of them. @default refuse all */
  keepShut?: boolean;
  /** Tell what would change, and change nothing. */
  dryRun?: boolean;
}

/** A unit, and what became of its items. */
interface ResealedUnit {
  unit: SealUnit;
  results: ReadonlyMap<string, ResealedItem>;
}

/**
 * Bring all SealedSecrets, and sealed values of platform files, to the newest key: items that have it keep their
 * ciphertext, so a second run changes nothing. All files are changed, or none. The summary counts files and items.
 *
 * @throws {SlipwayError} when an item cannot be opened; then no file is changed
 */
export async function resealSecrets(request: ResealRequest, context: Context): Promise<ExitCode> {
  const { paths, keepShut = false, dryRun = false } = request;
  const startedAt = context.now();
  const { files } = await readTree(paths, context);
  const units = files.flatMap((file) => unitsOf(file, context));
  if (units.every(({ items }) => items.length === 0)) {
    throw new UsageError(`Cannot find a sealed value in ${paths.join(", ")}`, {
      remedy: "name the folder of the repository that has them",
    });
  }
  await using resealer = await openResealer(request, units, context);
  const done = await mapConcurrently(units, 8, async (unit): Promise<ResealedUnit> => {
    context.signal.throwIfAborted();
    return { unit, results: await resealer.reseal(unit) };
  });
  await resealer.confirm();
  const shut = done.flatMap(({ unit, results }) =>
    [...results].filter(([, { action }]) => action === "shut")
      .map(([key, { because }]) => `${unit.place}: ${unit.subject}, key ${key}: ${because}`)
  );
  if (shut.length > 0 && !keepShut) throw cannotOpen(shut, resealer.remedy);

  const changes = files.flatMap((file) => changeOf(file, done));
  for (const { unit, results } of done) tell(unit, results, dryRun, context);
  if (!dryRun && changes.length > 0) await writeAll(changes, context);
  for (const line of shut) {
    context.emit({
      type: "note",
      level: "warning",
      message: `${line}; it is left as it was`,
      remedy: resealer.remedy,
    });
  }
  const count = (wanted: ResealedItem["action"]) =>
    done.flatMap(({ results }) => [...results.values()])
      .filter(({ action }) => action === wanted).length;
  context.emit({
    type: "summary",
    certificate: resealer.target.fingerprint,
    files: changes.length,
    resealed: count("resealed"),
    recorded: count("recorded"),
    unchanged: count("unchanged"),
    shut: shut.length,
    durationMs: elapsedMs(startedAt, context),
  });
  return shut.length > 0 ? ExitCode.partly : ExitCode.done;
}

function changeOf(file: SealUnit["file"], done: readonly ResealedUnit[]): FileChange[] {
  const settings = done.filter(({ unit }) => unit.file === file).flatMap(({ unit, results }) => {
    const changed = unit.items.flatMap(({ key }) => {
      const { action, sealed, record } = results.get(key)!;
      return action === "resealed" || action === "recorded" ? [{ key, sealed, record }] : [];
    });
    return changed.length === 0 ? [] : unit.settings(changed);
  });
  if (settings.length === 0) return [];
  return [{ ...file, after: setInFile(file.text, settings, file.name) }];
}

function tell(
  { place, subject }: SealUnit,
  results: ReadonlyMap<string, ResealedItem>,
  dryRun: boolean,
  { emit }: Pick<Context, "emit">,
): void {
  const changed = [...results].filter(([, { action }]) =>
    action === "resealed" || action === "recorded"
  );
  const first = changed[0];
  emit({
    type: "change",
    phase: dryRun ? "plan" : "apply",
    action: first === undefined ? "unchanged" : "configured",
    subject: `${subject} of ${place}`,
    ...(first === undefined ? {} : {
      because: [...Map.groupBy(changed, ([, { because }]) => because)]
        .map(([because, items]) => `${items.map(([key]) => key).join(", ")}: ${because}`)
        .join("; "),
    }),
  });
}

function cannotOpen(shut: readonly string[], remedy: string): SlipwayError {
  const shown = shut.slice(0, 20).map((line) => `  ${line}`).join("\n");
  const more = shut.length > 20 ? `\n  and ${shut.length - 20} more` : "";
  return new SlipwayError(
    `Cannot reseal: ${shut.length} ${
      shut.length === 1 ? "item" : "items"
    } cannot be opened, and no file was changed:\n${shown}${more}`,
    { remedy: `${remedy}; or leave them as they are with --keep-shut` },
  );
}
