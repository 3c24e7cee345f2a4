import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import type { VaultClient } from "../../vault/client.ts";
import { generateRoot, revokeSelf } from "../../vault/root.ts";
import { sealStatus } from "../../vault/status.ts";
import type { KeyStore } from "./keys.ts";
import { readNamedFile } from "../named_file.ts";
import type { OpenVault } from "./open.ts";
import { type KeysRequest, openKeys } from "./open_keys.ts";
import { namesShares, type ShareRequest, sharesFor } from "./shares.ts";

/** By what a task may work with a Vault, as the command line says. */
export interface TokenRequest extends ShareRequest, KeysRequest {
  /** Path of a file with a token. @default VAULT_TOKEN */
  tokenFile?: string;
}

/**
 * The token that the command line or VAULT_TOKEN gives; undefined where neither does.
 *
 * @throws {UsageError} when the file has none
 */
export async function givenToken(
  { tokenFile }: Pick<TokenRequest, "tokenFile">,
  context: Pick<Context, "env" | "cwd" | "redactor">,
): Promise<string | undefined> {
  const text = tokenFile === undefined
    ? context.env("VAULT_TOKEN")
    : await readNamedFile(tokenFile, "a token", context);
  const token = text?.trim();
  if (tokenFile !== undefined && !token) {
    throw new UsageError(`Cannot read a token from ${tokenFile}: it has none`, {
      remedy: "write the token into it, alone",
    });
  }
  if (token) context.redactor.add(token);
  return token || undefined;
}

/**
 * Work with a Vault by a token: the one that is given; else a root token that is made of shares, of those that are kept
 * or in files, and revoked afterwards; else the one that somebody types.
 *
 * @throws {UsageError} when there is none of them
 */
export async function withVaultToken<T>(
  open: OpenVault,
  request: TokenRequest,
  context: Context,
  work: (client: VaultClient) => Promise<T>,
): Promise<T> {
  const given = await givenToken(request, context);
  if (given !== undefined) return await work(open.client.withToken(given));
  if (namesShares(request) || open.declared.initialize?.secret !== undefined) {
    const shares = await collectShares(open, request, context);
    return await withRootToken(open, shares, context, work);
  }
  const token = await context.askSecret(
    `Token for the Vault ${open.name}`,
    "give one in VAULT_TOKEN or with --token-file, or the shares with --identity or --share-file",
  );
  return await work(open.client.withToken(token.trim()));
}

/**
 * Work with a root token that is made of shares. It is revoked afterwards, whatever the outcome.
 *
 * @throws {WrongShares} when the shares do not fit
 */
export async function withRootToken<T>(
  open: Pick<OpenVault, "client" | "name">,
  shares: readonly string[],
  context: Context,
  work: (client: VaultClient) => Promise<T>,
): Promise<T> {
  const token = await generateRoot(open.client, shares, context);
  return await withRevoking(open.client.withToken(token), open.name, context, work);
}

/** Work with a token, and revoke it afterwards; where that fails, it is told with what to do. */
export async function withRevoking<T>(
  client: VaultClient,
  name: string,
  { emit }: Pick<Context, "emit">,
  work: (client: VaultClient) => Promise<T>,
): Promise<T> {
  try {
    return await work(client);
  } finally {
    try {
      // Also after an interruption: what ends the run must not leave a root token behind.
      await revokeSelf(client, { timeoutMs: 10_000 });
    } catch (error) {
      emit({
        type: "note",
        level: "warning",
        message: `the root token of the Vault ${name} could not be revoked: ${messageOf(error)}`,
        remedy:
          "find it with `vault list auth/token/accessors`, and revoke it with `vault token revoke -accessor`",
      });
    }
  }
}

/**
 * As many shares as Vault wants.
 *
 * @throws {SlipwayError} when there are fewer
 */
export async function collectShares(
  open: Pick<OpenVault, "client" | "name" | "declared" | "platform" | "cluster">,
  request: ShareRequest & KeysRequest,
  context: Context,
): Promise<string[]> {
  const { threshold } = await sealStatus(open.client, context);
  const keys = async (): Promise<KeyStore | undefined> =>
    open.declared.initialize === undefined ? undefined : await openKeys(open, request, context);
  const found: string[] = [];
  for await (const { share } of sharesFor(request, { name: open.name, threshold, keys }, context)) {
    found.push(share);
    if (found.length === threshold) return found;
  }
  throw new SlipwayError(
    `Cannot use the shares of the Vault ${open.name}: ${found.length} of ${threshold} shares are there`,
    { remedy: "give those of more holders, with --identity or --share-file" },
  );
}
