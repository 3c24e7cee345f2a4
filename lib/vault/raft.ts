import type { VaultClient } from "./client.ts";
import type { LookOptions } from "./status.ts";

/** A server as Raft knows it. Source: Vault, /sys/storage/raft/configuration. */
export interface RaftPeer {
  /** Its node id, such as `vault-0`. */
  id: string;
  /** Host and port of its cluster listener. */
  address: string;
  /** Whether it leads. */
  leader: boolean;
  /** Whether it has a vote. */
  voter: boolean;
}

/** How to join a cluster. Source: Vault, /sys/storage/raft/join. */
export interface JoinOptions extends LookOptions {
  /** URL of the leader, or of any server that is unsealed. */
  leaderAddress: string;
  /** Authority of its certificate, in PEM. */
  leaderCaCert?: string;
}

/** How healthy a server is, by Autopilot's measure. */
export interface AutopilotServer {
  /** Its node id. */
  id: string;
  /** Whether it answers, and its log is near the leader's. */
  healthy: boolean;
  /** Newest entry of its log. */
  lastIndex: number;
}

/** How healthy the cluster is. Source: Vault, /sys/storage/raft/autopilot/state. */
export interface AutopilotState {
  /** Whether all of its servers are healthy. */
  healthy: boolean;
  /** How many of them may fail. */
  failureTolerance: number;
  /** Its servers. */
  servers: AutopilotServer[];
}

/** Have a server that is not initialised join a cluster. It must be unsealed then as all of them. */
export async function joinRaft(
  client: VaultClient,
  { leaderAddress, leaderCaCert, ...options }: JoinOptions,
): Promise<void> {
  await client.request("POST", "sys/storage/raft/join", {
    body: {
      leader_api_addr: leaderAddress,
      ...(leaderCaCert === undefined ? {} : { leader_ca_cert: leaderCaCert }),
      retry: false,
    },
    ...options,
  });
}

/** The servers of the cluster. Needs a token. */
export async function raftPeers(
  client: VaultClient,
  options: LookOptions = {},
): Promise<RaftPeer[]> {
  const answer = await client.request<
    { data: { config: { servers: Record<string, unknown>[] } } }
  >("GET", "sys/storage/raft/configuration", options);
  return (answer?.data.config.servers ?? []).map((server) => ({
    id: String(server["node_id"]),
    address: String(server["address"]),
    leader: server["leader"] === true,
    voter: server["voter"] === true,
  }));
}

/** Have the leader hand its place to another server. Needs a token. Source: Vault, /sys/step-down. */
export async function stepDown(client: VaultClient, options: LookOptions = {}): Promise<void> {
  await client.request("PUT", "sys/step-down", options);
}

/** How healthy Autopilot finds the cluster. Needs a token; undefined before it has looked. */
export async function autopilotState(
  client: VaultClient,
  options: LookOptions = {},
): Promise<AutopilotState | undefined> {
  const answer = await client.request<{
    data: {
      healthy: boolean;
      failure_tolerance: number;
      servers: Record<string, { id: string; healthy: boolean; last_index: number }> | null;
    };
  }>("GET", "sys/storage/raft/autopilot/state", options);
  if (answer === undefined) return undefined;
  const { healthy, failure_tolerance, servers } = answer.data;
  return {
    healthy,
    failureTolerance: failure_tolerance,
    servers: Object.values(servers ?? {}).map(({ id, healthy, last_index }) => ({
      id,
      healthy,
      lastIndex: last_index,
    })),
  };
}
