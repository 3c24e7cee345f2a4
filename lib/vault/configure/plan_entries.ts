import { mapConcurrently } from "../../core/concurrency.ts";
import type { VaultClient } from "../client.ts";
import type { VaultChange } from "./change.ts";
import { fieldDiff } from "./compare.ts";
import type { DesiredEntry } from "./desired.ts";
import { readData } from "./read.ts";

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
  const change = { kind, name, ...(because === undefined ? {} : { because }) };
  if (live === undefined) {
    const settings = settingsPath === undefined || Object.keys(fields).length === 0
      ? []
      : [{ method: "POST" as const, path: settingsPath, body: fields }];
    const body = settingsPath === undefined ? { ...fixed, ...fields } : fixed;
    return {
      ...change,
      action: "created",
      diff: [],
      act: { do: "write", requests: [{ method: "POST", path, body }, ...settings] },
    };
  }
  const conflicts = fieldDiff(live, fixed);
  if (conflicts.length > 0) {
    return {
      ...change,
      action: "conflicted",
      because: `${conflicts.join("; ")}, which cannot be changed once it is made`,
      remedy: `declare it as it is, or give the new one another name`,
      diff: conflicts,
    };
  }
  const diff = fieldDiff(live, fields);
  if (diff.length === 0) return { ...change, action: "unchanged", diff };
  return {
    ...change,
    action: "configured",
    diff,
    act: {
      do: "write",
      requests: [
        settingsPath === undefined
          ? { method: "POST", path, body: { ...fixed, ...fields } }
          : { method: "POST", path: settingsPath, body: fields },
      ],
    },
  };
}
