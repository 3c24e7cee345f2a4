import type { Context } from "../../core/context.ts";
import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import { step } from "../../core/steps.ts";
import type { VaultClient } from "../../vault/client.ts";
import { hasProblem } from "../../vault/errors.ts";
import { raftPeers, stepDown } from "../../vault/raft.ts";
import { leaderStatus, lookAtAll, type ServerState, type VaultServer } from "../../vault/status.ts";
import type { VaultHosting } from "./hosting.ts";
import { whatIsWrong } from "./status.ts";

/** What a rolling restart needs. */
export interface RollingOptions {
  /** Name of the Vault, for messages. */
  name: string;
  /** Its servers, and what runs them. */
  hosting: Pick<VaultHosting, "servers" | "restart">;
  /** A client with a token that may have the leader step down; any of the servers. */
  client: VaultClient;
  /** Unseal a server that was restarted, and wait until it is. */
  unseal: (server: VaultServer) => Promise<void>;
  /** How long a server may take to catch up, and an election, in milliseconds. @default 60_000 */
  timeoutMs?: number;
}

/**
 * Restart the servers of a Vault one after the other, standbys first and the leader last, after it handed its place
 * over. Each is waited for until it has caught up, so that more than half of them work at any time.
 *
 * @throws {SlipwayError} when the Vault is not whole before the first restart
 */
export async function rollingRestart(options: RollingOptions, context: Context): Promise<void> {
  const { name, hosting, client } = options;
  const { servers } = hosting;
  const states = await lookAtAll(servers, context);
  const wrong = whatIsWrong(name, states);
  if (wrong !== undefined) {
    throw new SlipwayError(`Cannot restart the Vault ${name} server by server: ${wrong.message}`, {
      remedy: wrong.remedy,
    });
  }
  if (servers.length > 1) await throwIfNoVoters(options, context);
  const isLeader = (state: ServerState) => state.leader?.isLeader === true;
  const leader = servers[states.findIndex(isLeader)];
  const standbys = servers.filter((server) => server !== leader);
  for (const server of standbys) await restartOne(server, options, context);
  if (leader === undefined) return;
  if (servers.length > 1) {
    await step(context, `Hand over from ${leader.name}`, async () => {
      await stepDown(client, context);
      return await untilOtherLeader(leader, options, context);
    }, (next) => `${next} leads`);
  }
  await restartOne(leader, options, context);
}

async function restartOne(
  server: VaultServer,
  options: RollingOptions,
  context: Context,
): Promise<void> {
  const { hosting, unseal } = options;
  await step(context, `Restart ${server.name}`, async (progress) => {
    await hosting.restart(server.name, context);
    progress("unseal it");
    await unseal(server);
    progress("wait until it has caught up");
    await untilCaughtUp(server, options, context);
  });
}

/** A server without a vote does not count for the majority: with it alone the others could not go on. */
async function throwIfNoVoters({ name, client }: RollingOptions, context: Context): Promise<void> {
  const peers = await raftPeers(client, context);
  const without = peers.filter(({ voter }) => !voter).map(({ id }) => id);
  if (without.length === 0) return;
  throw new SlipwayError(
    `Cannot restart the Vault ${name} server by server: ${without.join(", ")} has no vote yet`,
    {
      remedy: "wait until Raft has given it one, some ten seconds after it joined, and try again",
      retryable: true,
    },
  );
}

async function untilCaughtUp(
  server: VaultServer,
  options: RollingOptions,
  context: Context,
): Promise<void> {
  await until(options, context, `${server.name} has caught up`, async () => {
    const states = await lookAtAll(options.hosting.servers, context);
    const found = states.find(({ name }) => name === server.name)?.leader;
    const committed = states.find(({ leader }) => leader?.isLeader)?.leader?.committedIndex;
    if (found === undefined) return "it is sealed or away";
    if (committed === undefined) return "there is no leader";
    return found.appliedIndex >= committed
      ? undefined
      : `it is at ${found.appliedIndex} of ${committed}`;
  });
}

async function untilOtherLeader(
  former: VaultServer,
  options: RollingOptions,
  context: Context,
): Promise<string> {
  let next = "";
  await until(options, context, `another server than ${former.name} leads`, async () => {
    for (const server of options.hosting.servers) {
      if (server === former) continue;
      try {
        if (!(await leaderStatus(server.client, { ...context, attempts: 1 })).isLeader) continue;
        next = server.name;
        return undefined;
      } catch (error) {
        if (!hasProblem(error, "no-leader", "unreachable", "failed", "sealed")) throw error;
      }
    }
    return "none of them does";
  });
  return next;
}

/** @param look undefined when it is so, else what is found */
async function until(
  { name, timeoutMs = 60_000 }: RollingOptions,
  { signal }: Context,
  wanted: string,
  look: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found === undefined) return;
    if (performance.now() > deadline) {
      throw new TimedOut(
        `The Vault ${name} was to be restarted until ${wanted}, and after ${
          timeoutMs / 1000
        } s ${found}`,
        { remedy: "see its log; the servers that were not restarted yet go on working" },
      );
    }
    await sleepFor(50, signal);
  }
}
