import { decryptWith, encryptFor } from "../../age/age.ts";
import { type BackupSource, fileName } from "../../backup/names.ts";
import type { Context } from "../../core/context.ts";
import { messageOf } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";
import type { InitialKeys } from "../../vault/initialize.ts";

/**
 * How far a restore came, so that one that was killed goes on: `initialising` before an empty Vault is asked for keys,
 * `initialised` when it gave them, `replacing` before a Vault that was in use is given the snapshot, `replaced` after
 * either has it.
 */
export type RestoreStage = "initialising" | "initialised" | "replacing" | "replaced";

/** What is kept of a restore while it goes on. */
export interface RestoreState {
  /** How far it came. */
  stage: RestoreStage;
  /** Keys of the empty Vault, which are thrown away with it. */
  keys?: InitialKeys;
}

/** Keeps the state of one restore beside its backup; keys encrypted for those who can read the backup. */
export interface RestoreStateFile {
  /** Its name in the store. */
  readonly name: string;
  /** What is kept; undefined where nothing is. */
  read(identities: readonly string[]): Promise<RestoreState | undefined>;
  /** Keep a state. A store that cannot be written to is told, and no reason not to restore. */
  write(state: RestoreState, context: Pick<Context, "emit">): Promise<void>;
  /** Forget it, once the restore is proved. */
  forget(): Promise<void>;
}

/** The state of restoring a backup to a target, such as `vault at http://127.0.0.1:8200`. */
export async function restoreStateFile(
  store: Store,
  source: BackupSource,
  { id, target, recipients, redactor }:
    & { id: string; target: string; recipients: readonly string[] }
    & Pick<Context, "redactor">,
): Promise<RestoreStateFile> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(target));
  const suffix = `restore-${new Uint8Array(hash).toHex().slice(0, 12)}.json`;
  const name = fileName(source, { id, suffix });
  return {
    name,
    async read(identities) {
      const bytes = await store.get(name);
      if (bytes === undefined) return undefined;
      const { stage, keys } = JSON.parse(new TextDecoder().decode(bytes)) as {
        stage: RestoreStage;
        keys?: string;
      };
      if (keys === undefined) return { stage };
      const opened = await decryptWith(identities, Uint8Array.fromBase64(keys), name);
      const found = JSON.parse(new TextDecoder().decode(opened)) as InitialKeys;
      for (const secret of [...found.shares, found.rootToken]) redactor.add(secret);
      return { stage, keys: found };
    },
    async write({ stage, keys }, { emit }) {
      const secret = keys === undefined
        ? undefined
        : await encryptFor(recipients, new TextEncoder().encode(JSON.stringify(keys)));
      const text = JSON.stringify({ stage, target, keys: secret?.toBase64() });
      try {
        await store.put(name, new TextEncoder().encode(`${text}\n`));
      } catch (error) {
        emit({
          type: "note",
          level: "warning",
          message: `where this restore stands cannot be kept: ${messageOf(error)}`,
          remedy: "do not interrupt it; if that happens, empty the Vault and begin anew",
        });
      }
    },
    async forget() {
      await store.delete(name).catch(() => {});
    },
  };
}
