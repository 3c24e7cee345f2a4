import { mapConcurrently } from "../../core/concurrency.ts";
import type { VaultClient } from "../client.ts";
import type { VaultChange } from "./change.ts";
import { fieldDiff } from "./compare.ts";
import type { DesiredEntry } from "./desired.ts";
import { readData } from "../read.ts";
import { configured, conflicted, created } from "./verdict.ts";

/** Reads under way at one time. */
const readsAtOnce = 8;

/** What becomes of policies, roles, keys and settings. */
export function planEntries(
  client: VaultClient,
  entries: readonly DesiredEntry[],
  signal?: AbortSignal,
): Promise<VaultChange[]> {
  return mapConcurrently(
    entries,
    readsAtOnce,
    async (entry) => planEntry(entry, await readData(client, entry.path, signal)),
  );
}

/** What becomes of one, given what is there. */
export function planEntry(
  entry: DesiredEntry,
  live: Readonly<Record<string, unknown>> | undefined,
): VaultChange {
  const { kind, name, path, fields, fixed = {}, settingsPath, because } = entry;
  const subject = { kind, name, ...(because === undefined ? {} : { because }) };
  const settings = settingsPath === undefined
    ? { method: "POST" as const, path, body: { ...fixed, ...fields } }
    : { method: "POST" as const, path: settingsPath, body: fields };
  if (live === undefined) {
    if (settingsPath === undefined) return created(subject, settings);
    const made = { method: "POST" as const, path, body: fixed };
    return created(subject, made, ...(Object.keys(fields).length === 0 ? [] : [settings]));
  }
  const conflicts = fieldDiff(live, fixed);
  if (conflicts.length > 0) {
    return conflicted(subject, conflicts, {
      because: "which cannot be changed once it is made",
      remedy: "declare it as it is, or give the new one another name",
    });
  }
  return configured(subject, fieldDiff(live, fields), settings);
}
