import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { readSecret } from "../../vault/kv.ts";
import type { VaultClient } from "../../vault/client.ts";
import { replaceSecret } from "../../vault/kv.ts";
import type { Session } from "../session.ts";
import type { RotationPlaces, VersionedSecret } from "./carry_out.ts";
import type { DatabaseRole } from "./database.ts";
import { syncNow } from "./deliver.ts";
import { restartUsers, type SecretReaders } from "./restart_users.ts";
import type { ValueSource } from "./source.ts";

/** All that a rotation works with. */
export interface Rotation {
  /** Vault, with a token that may write the secret. */
  vault: VaultClient;
  /** Where the value comes from, and who gets it. */
  source: ValueSource;
  /** Who reads what it is delivered to. */
  readers: SecretReaders;
  /** Whose password it is; undefined where it is none. */
  role: DatabaseRole | undefined;
  /** The cluster. */
  session: Session;
}

/** What a rotation does in each place where the value is. */
export function placesOf(
  { vault, source, readers, role, session }: Rotation,
  context: Context,
  progress: (detail: string) => void,
): RotationPlaces {
  const { client } = session;
  return {
    read: (signal) => readPresent(vault, source, signal),
    replace: async (data, version, signal) => {
      progress(`writing ${nameOfPlace(source)} in Vault`);
      return await replaceSecret(vault, source.place, data, version, signal);
    },
    async deliver(value, signal) {
      for (const reader of source.readers) {
        progress(`syncing Secret ${reader.namespace}/${reader.name}`);
        await syncNow(client, reader, { now: context.now, signal }, (secret) => {
          const { key } = reader;
          return key === undefined || dataOf(secret)[key] === encode(value);
        });
      }
    },
    ...(role === undefined ? {} : {
      setPassword: (value, other, signal) => {
        progress(`giving the role ${role.role} its password in ${role.name}`);
        return role.setPassword(value, other, signal);
      },
      async prove(value, signal) {
        progress(`logging in as ${role.role}`);
        if (await role.accepts(value, signal)) return;
        throw new SlipwayError(
          `${role.role} cannot log in to ${role.name} with the password that it was just given`,
          {
            remedy:
              "see whether pg_hba.conf, a pooler or another tool decides on its password, and the server's log",
          },
        );
      },
    }),
    async restart(signal) {
      progress("restarting what reads it");
      await restartUsers(client, readers, { ...context, signal });
    },
  };
}

/** The secret as Vault has it. @throws {SlipwayError} when there is none */
export async function readPresent(
  vault: VaultClient,
  source: ValueSource,
  signal: AbortSignal,
): Promise<VersionedSecret> {
  const found = await readSecret(vault, source.place, signal);
  if (found.state === "there") return found;
  throw new SlipwayError(
    `Cannot rotate ${source.property}: ${
      nameOfPlace(source)
    } in the Vault ${source.vault} is ${found.state}`,
    { remedy: "put it there with `deno task configure-vault`, or undelete it" },
  );
}

/** How messages name the secret. */
export function nameOfPlace({ place }: ValueSource): string {
  return `${place.mount}/${place.path}`;
}

function dataOf(secret: { [field: string]: unknown }): Record<string, string> {
  return (secret["data"] ?? {}) as Record<string, string>;
}

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
