import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { jobPaths } from "../../platform/backups.ts";
import { hasOwnAuthority } from "../../platform/vault_clients.ts";
import { vaultAddress } from "../../platform/vaults.ts";
import type { VaultClient } from "../../vault/client.ts";
import { leaderStatus } from "../../vault/status.ts";
import { renderPlatform } from "../render/render.ts";
import { chooseVault } from "./choose.ts";
import { readNamedFile } from "../named_file.ts";
import { type OpenVault, openVault, type VaultRequest } from "./open.ts";
import { whatIsWrong } from "./status.ts";
import { type TokenRequest, withRevoking, withVaultToken } from "./token.ts";

/** How a job of the cluster reaches its Vault, as the command line says. */
export interface BackupLogin {
  /** Role of Vault's Kubernetes auth method, by which a pod of the cluster logs in with its service account. */
  role?: string;
}

/**
 * Open a Vault at its leader, which alone takes snapshots. With a role, it is reached at its Service, as pods do.
 *
 * @throws {SlipwayError} when it has none: it is sealed, not initialised, or does not answer
 */
export async function openLeader(
  request: VaultRequest & BackupLogin,
  context: Context,
): Promise<OpenVault> {
  const wanted = request.role === undefined ? request : await asPod(request, context);
  const open = await openVault(wanted, context);
  let leader: string | undefined;
  try {
    leader = await otherLeader(open, context);
  } catch (error) {
    await open[Symbol.asyncDispose]();
    throw error;
  }
  if (leader === undefined) return open;
  context.emit({
    type: "note",
    level: "info",
    message: `${open.client.address} is a standby, and its leader is ${leader}`,
  });
  await open[Symbol.asyncDispose]();
  return await openVault({ ...wanted, address: leader }, context);
}

/** URL of the leader where it is not what `open` works with. */
async function otherLeader(open: OpenVault, context: Context): Promise<string | undefined> {
  const states = await open.look(context);
  const wrong = whatIsWrong(open.name, states);
  const hasLeader = states.some(({ leader }) => leader?.isLeader || leader?.leaderAddress);
  if (!hasLeader && wrong !== undefined) {
    throw new SlipwayError(`Cannot back up: ${wrong.message}`, { remedy: wrong.remedy });
  }
  const { isLeader, leaderAddress } = await leaderStatus(open.client, context);
  return isLeader || leaderAddress === "" ? undefined : leaderAddress;
}

/** Work with a Vault by the role of a job, or by the token or the shares that are given. */
export async function withBackupToken<T>(
  open: OpenVault,
  request: TokenRequest & BackupLogin,
  context: Context,
  work: (client: VaultClient) => Promise<T>,
): Promise<T> {
  const { role } = request;
  if (role === undefined) return await withVaultToken(open, request, context, work);
  const jwt = (await readNamedFile(jobPaths.token, "the service account's token", context)).trim();
  context.redactor.add(jwt);
  const { signal } = context;
  const answer = await open.client.request<{ auth?: { client_token?: string } }>(
    "POST",
    "auth/kubernetes/login",
    { body: { role, jwt }, signal },
  );
  const token = answer?.auth?.client_token;
  if (token === undefined) {
    throw new SlipwayError(`Cannot log in at the Vault ${open.name} by the role ${role}`);
  }
  const client = open.client.withToken(token);
  return await withRevoking(client, open.name, context, () => work(client));
}

async function asPod(
  request: VaultRequest & BackupLogin,
  context: Context,
): Promise<VaultRequest> {
  const { platform } = await renderPlatform(request, context);
  const { name, declared } = chooseVault(platform, request.vault);
  const caCert = hasOwnAuthority(platform, name) ? jobPaths.authority(name) : undefined;
  const address = request.address ?? vaultAddress(name, declared);
  return { ...request, address, ...caCert === undefined ? {} : { caCert } };
}
