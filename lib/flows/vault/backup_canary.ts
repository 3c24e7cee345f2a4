import type { Context } from "../../core/context.ts";
import { type Canary, type CanaryPlace, writeCanary } from "../../vault/canary.ts";
import type { VaultClient } from "../../vault/client.ts";
import { hasProblem, VaultError } from "../../vault/errors.ts";

/**
 * Write a canary for the snapshot that comes next. Where the token may not, that is told, and the backup goes on without
 * one: a backup that can be proved by less is better than none.
 */
export async function freshCanary(
  client: VaultClient,
  place: CanaryPlace,
  { emit, signal }: Pick<Context, "emit" | "signal">,
): Promise<Canary | undefined> {
  try {
    return await writeCanary(client, place, { signal });
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    if (!hasProblem(error, "not-found", "permission-denied", "invalid")) throw error;
    emit({
      type: "note",
      level: "warning",
      message:
        `the backup has no canary, by which a restore proves what it brought back: ${error.message}`,
      remedy:
        "run `deno task configure-vault`, which makes the mount and lets the token of a backup job write there",
    });
    return undefined;
  }
}
