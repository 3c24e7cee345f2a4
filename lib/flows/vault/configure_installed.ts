import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import type { VaultClient } from "../../vault/client.ts";
import { revokeSelf, tokenIsValid } from "../../vault/root.ts";
import { configureOpenVault, type ConfigureSettings } from "./configure.ts";
import { exitCodeOf } from "./configure_client.ts";
import type { Initialised } from "./initialise.ts";
import type { KeyRecord } from "./key_record.ts";
import type { KeyStore } from "./keys.ts";
import type { OpenVault, VaultRequest } from "./open.ts";
import { readIdentityFiles } from "./open_keys.ts";
import { namesShares } from "./shares.ts";
import { givenToken, type TokenRequest, withVaultToken } from "./token.ts";

/** With which rights a Vault that was installed is configured, and how. */
export type ConfigureInstalledRequest = VaultRequest & TokenRequest & ConfigureSettings;

/**
 * Configure a Vault that was installed, with its first root token as long as there is one, which is revoked then. Where
 * the configuration fails it stays, encrypted, for the next run. Later, the Vault is configured where a token or shares
 * are given. The exit code is 3 when the first root token is still kept, or values are missing.
 */
export async function configureInstalled(
  open: OpenVault,
  store: KeyStore,
  { keys, record }: Initialised,
  request: ConfigureInstalledRequest,
  context: Context,
): Promise<ExitCode> {
  const configure = async (client: VaultClient): Promise<ExitCode> => {
    await untilActive(client, context);
    const ask = keys === undefined;
    const outcome = await configureOpenVault(open, client, { ...request, ask }, context);
    return exitCodeOf(outcome, false);
  };
  if (record?.rootToken === "kept") {
    const root = keys?.rootToken ?? await keptRoot(store, request, context);
    if (root !== undefined) {
      const client = open.client.withToken(root);
      const isValid = keys !== undefined || await tokenIsValid(client, context);
      const code = isValid ? await configure(client) : ExitCode.done;
      await endRoot(client, isValid, store, record, context);
      if (isValid) return code;
    } else {
      tellOfRoot(open.name, store, context);
      if (await givenToken(request, context) !== undefined) {
        await withVaultToken(open, request, context, configure);
      }
      return ExitCode.partly;
    }
  }
  if (await givenToken(request, context) !== undefined || namesShares(request)) {
    return await withVaultToken(open, request, context, configure);
  }
  context.emit({
    type: "note",
    level: "info",
    message: `what is in ${open.name} was not looked at: that needs a token, or shares`,
    remedy: "compare it with the platform by `deno task configure-vault --dry-run`",
  });
  return ExitCode.done;
}

async function keptRoot(
  store: KeyStore,
  request: ConfigureInstalledRequest,
  context: Context,
): Promise<string | undefined> {
  return await store.rootToken(await readIdentityFiles(request, context), context);
}

async function endRoot(
  client: VaultClient,
  isValid: boolean,
  store: KeyStore,
  record: KeyRecord,
  context: Context,
): Promise<void> {
  await step(context, "Revoke the root token", async () => {
    if (isValid) await revokeSelf(client, context);
    await store.forgetRootToken(record, context);
  });
}

function tellOfRoot(name: string, { where }: KeyStore, { emit }: Context): void {
  emit({
    type: "note",
    level: "warning",
    message:
      `the first root token of ${name} is still valid, and kept encrypted at ${where}: an earlier run was cut off before it was revoked`,
    remedy:
      "run the same command with --identity of one of the holders: it goes on, and revokes it",
  });
}

/** A leader that has just been elected refuses for a moment. */
async function untilActive(client: VaultClient, { signal }: Context): Promise<void> {
  await client.request("GET", "auth/token/lookup-self", { signal });
}
