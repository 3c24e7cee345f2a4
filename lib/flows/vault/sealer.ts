import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { isInCluster } from "../../platform/vaults.ts";
import type { VaultSeal } from "../../platform/types.ts";
import type { VaultClient } from "../../vault/client.ts";
import { type OpenVault, openVault, type VaultRequest } from "./open.ts";
import { readOwnSecret } from "./own_secret.ts";
import { givenToken } from "./token.ts";

/** How the Vault that unseals another one is asked, as the command line says. */
export interface SealerRequest extends VaultRequest {
  /** Path of a file with a token for it. @default VAULT_SEAL_TOKEN */
  sealTokenFile?: string;
  /** Its URL. @default as the platform says */
  sealAddress?: string;
}

/** The seal that a platform declares for a Vault, and where its Secret is; undefined where people unseal it. */
export function declaredSeal(
  { declared }: Pick<OpenVault, "declared">,
): VaultSeal & { namespace: string } | undefined {
  if (!isInCluster(declared) || declared.seal === undefined) return undefined;
  return { ...declared.seal, namespace: declared.namespace };
}

/** The request for the Vault that unseals another one. */
export function sealerRequest(request: SealerRequest, vault: string): VaultRequest {
  const { platform, env, kubeconfig, context, cluster, sealAddress, sealTokenFile } = request;
  return {
    platform,
    env,
    kubeconfig,
    context,
    cluster,
    vault,
    address: sealAddress,
    tokenFile: sealTokenFile,
  };
}

/** VAULT_ADDR, VAULT_CACERT and VAULT_TOKEN speak of the Vault that is unsealed, not of the one that unseals it. */
export function sealerContext(context: Context): Context {
  const env = (name: string) =>
    name === "VAULT_TOKEN"
      ? context.env("VAULT_SEAL_TOKEN")
      : name === "VAULT_ADDR" || name === "VAULT_CACERT"
      ? undefined
      : context.env(name);
  return { ...context, env };
}

/**
 * Ask the Vault that unseals this one, with a token that may use its key: a given one, or the one of the Secret that
 * this Vault itself uses.
 *
 * @throws {SlipwayError} when there is no token, or the other Vault cannot be asked
 */
export async function withSealer<T>(
  open: OpenVault,
  request: SealerRequest,
  context: Context,
  work: (client: VaultClient) => Promise<T>,
): Promise<T> {
  const seal = declaredSeal(open)!;
  const there = sealerContext(context);
  const asked = sealerRequest(request, seal.vault);
  const token = await givenToken(asked, there) ?? await tokenOfSecret(open, seal, context);
  await using sealer = await openVault(asked, there);
  return await work(sealer.client.withToken(token));
}

async function tokenOfSecret(
  open: OpenVault,
  { namespace, token: { secret, key } }: VaultSeal & { namespace: string },
  context: Context,
): Promise<string> {
  const place = { namespace, name: secret };
  const found = open.session === undefined
    ? undefined
    : (await readOwnSecret(open.session.client, place, context))?.[key];
  if (found !== undefined) {
    context.redactor.add(found);
    return found;
  }
  throw new SlipwayError(
    `Cannot ask the Vault that unseals ${open.name}: there is no token for it${
      open.session === undefined ? "" : ` in Secret ${namespace}/${secret}`
    }`,
    { remedy: "give one in VAULT_SEAL_TOKEN or with --seal-token-file" },
  );
}
