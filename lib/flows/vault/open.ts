import type { Context } from "../../core/context.ts";
import type { Platform, Vault } from "../../platform/types.ts";
import { isInCluster } from "../../platform/vaults.ts";
import type { VaultClient } from "../../vault/client.ts";
import { lookAtAll, type ServerState, type VaultServer } from "../../vault/status.ts";
import { renderPlatform } from "../render/render.ts";
import { openSession, type Session } from "../session.ts";
import { chooseTarget, type TargetRequest } from "../target.ts";
import { chooseVault } from "./choose.ts";
import { embeddedHosting } from "./embedded.ts";
import { addressHosting, podHosting, type VaultHosting } from "./hosting.ts";
import { readNamedFile } from "../named_file.ts";

/** Which Vault is meant, and how it is reached. */
export interface VaultRequest extends TargetRequest {
  /** Name of a folder in manifests/platforms, or path of a platform file. */
  platform: string;
  /** Environment; the platform's only one when absent. */
  env?: string;
  /** Name of the Vault in the platform; its only one when absent. */
  vault?: string;
  /** URL of one server. @default VAULT_ADDR, else as the platform says */
  address?: string;
  /** Path of a file with the authority of its certificate, in PEM. @default VAULT_CACERT */
  caCert?: string;
  /** Path of a file with a token. @default VAULT_TOKEN */
  tokenFile?: string;
}

/** A Vault that a flow works with; dispose it to close all connections. */
export interface OpenVault extends AsyncDisposable {
  /** Its name in the platform. */
  name: string;
  /** What the platform says of it. */
  declared: Vault;
  /** The platform. */
  platform: Platform;
  /** The cluster that it is reached through; undefined where it is reached by its address. */
  session?: Session;
  /** Its servers, each with a client without a token. */
  servers: readonly VaultServer[];
  /** What runs them. */
  hosting: VaultHosting;
  /** A server that is unsealed, the leader where there is one; else the first. It has no token. */
  readonly client: VaultClient;
  /** Look at the servers, and choose `client` anew. */
  look(context: Context): Promise<ServerState[]>;
  /** The platform's cluster, also where the Vault itself is reached by its address. */
  cluster(context: Context): Promise<Session>;
}

/**
 * Find a Vault of a platform, and look at its servers once. It is reached at the address that the request or VAULT_ADDR
 * names; else, where the target is an embedded cluster, as processes beside it, also one that is elsewhere in
 * production; else at the address `outside` in the platform; else by its pods through the API server.
 *
 * @param options `session` is used where it is given, and stays open
 * @throws {UsageError} when there is no such Vault
 */
export async function openVault(
  request: VaultRequest,
  context: Context,
  { session: given }: { session?: Session } = {},
): Promise<OpenVault> {
  const { platform } = await renderPlatform(request, context);
  const { name, declared } = chooseVault(platform, request.vault);
  let session = given;
  const cluster = async (context: Context): Promise<Session> =>
    session ??= await openSession(request, platform.target, context);
  const close = async (hosting?: VaultHosting): Promise<void> => {
    hosting?.close();
    if (session !== given) await session?.[Symbol.asyncDispose]();
  };
  let hosting: VaultHosting | undefined;
  try {
    hosting = await hostingOf({ name, declared, platform, request, cluster }, context);
    const { servers } = hosting;
    let client = servers[0]!.client;
    const look = async (context: Context): Promise<ServerState[]> => {
      const states = await lookAtAll(servers, context);
      client = servers[bestOf(states)]!.client;
      return states;
    };
    await look(context);
    const found = hosting;
    return {
      name,
      declared,
      platform,
      session,
      servers,
      hosting,
      get client() {
        return client;
      },
      look,
      cluster,
      [Symbol.asyncDispose]: () => close(found),
    };
  } catch (error) {
    await close(hosting);
    throw error;
  }
}

/** Index of the leader, else of a server that is unsealed, else of one that answers, else of the first. */
export function bestOf(states: readonly ServerState[]): number {
  const wanted: ((state: ServerState) => boolean)[] = [
    ({ leader }) => leader?.isLeader === true,
    ({ leader }) => leader !== undefined && leader.leaderAddress !== "",
    ({ seal }) => seal !== undefined && !seal.sealed,
    ({ seal }) => seal !== undefined,
  ];
  const found = wanted.map((is) => states.findIndex(is)).find((index) => index >= 0);
  return found ?? 0;
}

interface Wanted {
  name: string;
  declared: Vault;
  platform: Platform;
  request: VaultRequest;
  cluster: (context: Context) => Promise<Session>;
}

async function hostingOf(
  { name, declared, platform, request, cluster }: Wanted,
  context: Context,
): Promise<VaultHosting> {
  const named = request.address ?? context.env("VAULT_ADDR");
  const isEmbedded = named === undefined &&
    chooseTarget(request, platform.target).kind === "embedded";
  const address = named ?? (isEmbedded ? undefined : declared.outside?.address);
  if (address !== undefined) {
    const caFile = request.caCert ?? context.env("VAULT_CACERT");
    const caCerts = caFile === undefined
      ? [declared.outside?.caCert].filter((pem) => pem !== undefined)
      : [await readNamedFile(caFile, "the authority of Vault's certificate", context)];
    const by = request.address === undefined && named !== undefined ? ", as VAULT_ADDR says" : "";
    const hosting = addressHosting(name, address, caCerts, context);
    context.emit({
      type: "note",
      level: "info",
      message: `the Vault ${name} is reached at ${address}${by}`,
    });
    return hosting;
  }
  const session = await cluster(context);
  if (isEmbedded) return await embeddedHosting(session, name, platform, context);
  if (!isInCluster(declared)) throw new TypeError("a Vault is in the cluster or outside of it");
  return podHosting(session.client, name, declared, context);
}
