import { mapConcurrently } from "../../core/concurrency.ts";
import type { VaultClient } from "../client.ts";
import type { PlanNote, VaultChange } from "./change.ts";
import type { DesiredSecret, DesiredSeed, SeedSource } from "./desired.ts";
import { type FoundSecret, readSecret } from "../kv.ts";

/** Reads under way at one time. */
const readsAtOnce = 8;

/** What becomes of secrets, and what is to be known of them. Values are counted, never told. */
export async function planSeeds(
  client: VaultClient,
  seeds: readonly DesiredSeed[],
  signal?: AbortSignal,
): Promise<{ changes: VaultChange[]; notes: PlanNote[] }> {
  const changes = await mapConcurrently(
    seeds,
    readsAtOnce,
    async (seed) => planSeed(seed, await readSecret(client, seed, signal)),
  );
  const notes = changes.flatMap(({ action, name, because, remedy }) =>
    action === "kept" ? [{ message: `The secret ${name} stays as it is: ${because}`, remedy }] : []
  );
  return { changes, notes };
}

/** What becomes of one secret, given what is there. */
export function planSeed(seed: DesiredSeed, found: FoundSecret): VaultChange {
  const name = `${seed.mount}/${seed.path}`;
  const wanted = Object.keys(seed.keys);
  const change = { kind: "secret" as const, name };
  if (found.state === "deleted") {
    return {
      ...change,
      action: "kept",
      because: `its version ${found.version} was deleted, which somebody meant`,
      remedy:
        `bring it back with \`vault kv undelete -versions=${found.version} ${name}\`, or forget all of it with ` +
        `\`vault kv metadata delete ${name}\`; then it is seeded anew`,
      diff: [],
    };
  }
  const missing = wanted.filter((key) => found.state === "absent" || !(key in found.data));
  if (missing.length === 0) {
    return {
      ...change,
      action: "unchanged",
      because: `all ${wanted.length} keys are there`,
      diff: [],
    };
  }
  return {
    ...change,
    action: found.state === "absent" ? "created" : "configured",
    because: `${wanted.length - missing.length} of ${wanted.length} keys are there, ${
      listed(missing)
    } missing`,
    diff: missing.map((key) => `${key}: ${sourceText(seed.keys[key]!)}`),
    act: { do: "seed", seed, missing },
  };
}

/** Secrets that must be there with whatever they hold. */
export async function planReadWhole(
  client: VaultClient,
  secrets: readonly DesiredSecret[],
  signal?: AbortSignal,
): Promise<PlanNote[]> {
  const notes = await mapConcurrently(secrets, readsAtOnce, async (secret) => {
    const { state } = await readSecret(client, secret, signal);
    return state === "there" ? [] : [{
      message: `The secret ${secret.mount}/${secret.path} is not there, and ${
        secret.because ?? "somebody"
      } reads it`,
      remedy:
        "declare its keys under `seeds` of the Vault's configuration, or write it with `vault kv put`",
    }];
  });
  return notes.flat();
}

/** Where a value will come from, as people say it. */
function sourceText(source: SeedSource): string {
  switch (source.from) {
    case "text":
      return "as the platform file has it";
    case "random":
      return `generated, ${source.length} characters of ${source.alphabet}`;
    case "person":
      return "asked for";
    case "file":
      return `from the file ${source.file}`;
    case "role-id":
      return `the role id of the AppRole ${source.mount}/${source.role}`;
    case "secret-id":
      return `a new secret id of the AppRole ${source.mount}/${source.role}`;
    case "token":
      return `a new token of the token role ${source.role}`;
  }
}

/** `PGUSER is`, `PGUSER and PGPASSWORD are`. */
export function listed(names: readonly string[]): string {
  const [last, ...before] = names.toReversed();
  return before.length === 0 ? `${last} is` : `${before.toReversed().join(", ")} and ${last} are`;
}
