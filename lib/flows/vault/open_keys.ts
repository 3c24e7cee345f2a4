import { resolve } from "node:path";
import { readIdentities } from "../../age/age.ts";
import type { Context } from "../../core/context.ts";
import { UsageError } from "../../core/errors.ts";
import { isInCluster } from "../../platform/vaults.ts";
import { openStore } from "../../store/open.ts";
import { createKeyStore, type KeyStore } from "./keys.ts";
import { readNamedFile } from "../named_file.ts";
import type { OpenVault } from "./open.ts";
import { createSecretStore } from "./secret_store.ts";

/** Where the keys of a Vault are, as the command line says. */
export interface KeysRequest {
  /** Folder or `s3://` URL with the encrypted shares. @default vault-keys/<platform>-<environment>/<vault> */
  keys?: string;
  /** Paths of age identity files. */
  identity?: readonly string[];
}

/**
 * Where the keys of a Vault are kept. Where that is a Secret, a warning is told, each time.
 *
 * @throws {UsageError} when the platform does not say who keeps them
 */
export async function openKeys(
  open: Pick<OpenVault, "name" | "declared" | "platform" | "cluster">,
  request: KeysRequest,
  context: Context,
): Promise<KeyStore> {
  const { name, declared, platform } = open;
  const { secret, holders } = declared.initialize ?? {};
  if (secret !== undefined) {
    if (!isInCluster(declared)) {
      throw new UsageError(
        `The Vault ${name} is outside of the cluster, and its keys would be in the Secret ${secret.name} of a cluster that it must outlive`,
        { remedy: `name holders under vaults.${name}.initialize instead` },
      );
    }
    const place = { namespace: declared.namespace, name: secret.name };
    context.emit({
      type: "note",
      level: "warning",
      message:
        `the keys of the Vault ${name} are in Secret ${place.namespace}/${place.name}, where all who can read Secrets can unseal it: ${secret.because}`,
      remedy: `name holders with age recipients under vaults.${name}.initialize`,
    });
    const { client } = await open.cluster(context);
    return createKeyStore(createSecretStore(client, place), { plain: true });
  }
  if (holders === undefined) {
    throw new UsageError(`The platform does not say who keeps the keys of the Vault ${name}`, {
      remedy: `name holders with their age recipients under vaults.${name}.initialize`,
    });
  }
  const folder = request.keys ??
    resolve(context.cwd, `vault-keys/${platform.name}-${platform.environment}/${name}`);
  return createKeyStore(await openStore(folder, context), { plain: false });
}

/** The age identities of the files that the command line names. @throws {UsageError} when one of them has none */
export async function readIdentityFiles(
  { identity = [] }: Pick<KeysRequest, "identity">,
  context: Pick<Context, "cwd" | "redactor">,
): Promise<string[]> {
  const found: string[] = [];
  for (const path of identity) {
    const text = await readNamedFile(path, "age identities", context);
    for (const each of readIdentities(text, path)) {
      context.redactor.add(each);
      found.push(each);
    }
  }
  return found;
}
