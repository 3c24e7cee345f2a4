import type { VaultClient, VaultRequestOptions } from "./client.ts";
import { VaultError } from "./errors.ts";

/** Options of a look at a server. */
export type LookOptions = Pick<VaultRequestOptions, "signal" | "timeoutMs" | "attempts">;

/** How a server stands, as anybody may ask. Source: Vault, /sys/seal-status. */
export interface SealStatus {
  /** How it is unsealed: `shamir`, by people, or the type of what does it, such as `transit`. */
  type: string;
  /** Whether it was initialised. */
  initialized: boolean;
  /** Whether it is sealed. */
  sealed: boolean;
  /** How many shares unseal it; recovery shares where it unseals by itself. */
  threshold: number;
  /** How many shares there are. */
  shares: number;
  /** How many of them it was given so far. */
  progress: number;
  /** Whether it waits for shares to change how it is unsealed. */
  migration: boolean;
  /** Whether the shares recover, and do not unseal. */
  recoverySeal: boolean;
  /** Its version. */
  version: string;
  /** Id of its Raft cluster; known while it is unsealed. */
  clusterId?: string;
}

/** How a server stands in its cluster. Source: Vault, /sys/leader. */
export interface LeaderStatus {
  /** Whether it is the leader. */
  isLeader: boolean;
  /** URL that the leader tells of itself; empty when there is none. */
  leaderAddress: string;
  /** Newest entry of Raft's log that is safe on more than half of the servers. */
  committedIndex: number;
  /** Newest entry that this server has worked in. */
  appliedIndex: number;
}

/** A server at one moment. */
export interface ServerState {
  /** Name of the server, such as `vault-0`. */
  name: string;
  /** How it stands; undefined where it did not answer. */
  seal?: SealStatus;
  /** Its place in the cluster; undefined while it is sealed. */
  leader?: LeaderStatus;
  /** Why it did not answer. */
  problem?: VaultError;
}

/** A server, and the way to it. */
export interface VaultServer {
  /** Name, such as `vault-0`. */
  name: string;
  /** Client without a token. */
  client: VaultClient;
}

/** Ask a server how it is sealed. */
export async function sealStatus(
  client: VaultClient,
  options: LookOptions = {},
): Promise<SealStatus> {
  return sealStatusOf(await client.request("GET", "sys/seal-status", options));
}

/** Read an answer of /sys/seal-status or /sys/unseal. */
export function sealStatusOf(answer: unknown): SealStatus {
  const body = (answer ?? {}) as Record<string, unknown>;
  return {
    type: String(body["type"]),
    initialized: body["initialized"] === true,
    sealed: body["sealed"] === true,
    threshold: Number(body["t"] ?? 0),
    shares: Number(body["n"] ?? 0),
    progress: Number(body["progress"] ?? 0),
    migration: body["migration"] === true,
    recoverySeal: body["recovery_seal"] === true,
    version: String(body["version"] ?? ""),
    ...(body["cluster_id"] === undefined ? {} : { clusterId: String(body["cluster_id"]) }),
  };
}

/** Ask a server that is unsealed who leads. */
export async function leaderStatus(
  client: VaultClient,
  options: LookOptions = {},
): Promise<LeaderStatus> {
  const body = await client.request<Record<string, unknown>>("GET", "sys/leader", options) ?? {};
  return {
    isLeader: body["is_self"] === true,
    leaderAddress: String(body["leader_address"] ?? ""),
    committedIndex: Number(body["raft_committed_index"] ?? 0),
    appliedIndex: Number(body["raft_applied_index"] ?? 0),
  };
}

/** Look at a server; that it does not answer is an answer too. */
export async function lookAt(
  { name, client }: VaultServer,
  { signal, timeoutMs = 5_000 }: LookOptions = {},
): Promise<ServerState> {
  try {
    // Whoever looks wants to know how it is now.
    const options = { signal, timeoutMs, attempts: 1 };
    const seal = await sealStatus(client, options);
    if (seal.sealed || !seal.initialized) return { name, seal };
    return { name, seal, leader: await leaderStatus(client, options) };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return { name, problem: error };
  }
}

/** Look at all servers at once. */
export function lookAtAll(
  servers: readonly VaultServer[],
  options: LookOptions = {},
): Promise<ServerState[]> {
  return Promise.all(servers.map((server) => lookAt(server, options)));
}
