import { type BackupSource, folderOf, nameOfSource } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { StoreError } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";
import { warn } from "./warn.ts";

/** Unfinished writes older than this are nobody's any more. */
const abandonedAfter = { hours: 24 };

/**
 * Clear what writes of a source's backups left that were killed long ago. What is in the way of that is told, and in the
 * way of nothing else.
 */
export async function clearAbandoned(
  store: Store,
  source: BackupSource,
  context: Pick<Context, "emit" | "now" | "signal">,
): Promise<void> {
  const before = (store.now?.() ?? context.now()).subtract(abandonedAfter);
  try {
    await store.sweep(folderOf(source), before, { signal: context.signal });
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof StoreError)) throw error;
    warn(`what killed runs left of ${nameOfSource(source)} was not cleared`, error, context);
  }
}
