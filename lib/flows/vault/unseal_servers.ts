import type { Context } from "../../core/context.ts";
import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import { hasProblem } from "../../vault/errors.ts";
import { joinRaft } from "../../vault/raft.ts";
import { leaderStatus, lookAt, type SealStatus, type VaultServer } from "../../vault/status.ts";
import { giveShare, resetUnseal, WrongShares } from "../../vault/unseal.ts";
import type { KeptShare } from "./keys.ts";

/** How servers are unsealed. */
export interface UnsealOptions {
  /** Change from shares to another Vault, or back. @default false */
  migrate?: boolean;
  /** Tells how far it is, such as `vault-0: 2 of 3 shares`. */
  progress: (detail: string) => void;
  /** How long a server may take once it has its shares, in milliseconds. @default 60_000 */
  timeoutMs?: number;
}

/** What became of servers that were sealed. */
export interface UnsealResult {
  /** Servers that are unsealed now. */
  unsealed: string[];
  /** Servers that still want shares, with how many they have and need. */
  waiting: { name: string; progress: number; threshold: number }[];
}

/** How long is waited between two looks at a server, in milliseconds: Vault cannot tell by itself. */
const lookMs = 50;

/**
 * Give shares to servers until each has as many as it needs. What others gave before counts, unless all together do
 * not fit: then the attempt begins anew with these shares alone, where they are enough.
 *
 * @throws {WrongShares} when the shares do not fit
 * @throws {TimedOut} when a server has its shares and stays sealed
 */
export async function unsealServers(
  servers: readonly VaultServer[],
  shares: AsyncIterable<KeptShare>,
  { migrate, progress, timeoutMs = 60_000 }: UnsealOptions,
  context: Context,
): Promise<UnsealResult> {
  const { signal } = context;
  const open = new Map<VaultServer, SealStatus>();
  const given: KeptShare[] = [];
  const retried = new Map<VaultServer, WrongShares>();
  const complete = new Set<VaultServer>();
  for (const server of servers) {
    const { seal, problem } = await lookAt(server, { signal });
    if (problem !== undefined) throw problem;
    if (seal!.sealed) open.set(server, seal!);
  }
  const sealed = [...open.keys()];

  async function give(server: VaultServer, { share, from }: KeptShare): Promise<void> {
    const before = open.get(server)!;
    const after = await giveShare(server.client, share, { migrate, signal }).catch((error) => {
      throw error instanceof WrongShares ? told(error, server, from) : error;
    });
    open.set(server, after);
    // A server that joins takes its time after the last share; then its progress is back at none.
    if (!after.sealed || (after.progress === 0 && before.progress + 1 >= before.threshold)) {
      complete.add(server);
      progress(`${server.name}: ${before.threshold} of ${before.threshold} shares`);
    } else {
      progress(`${server.name}: ${after.progress} of ${after.threshold} shares`);
    }
  }

  for await (const share of shares) {
    given.push(share);
    for (const server of sealed) {
      if (complete.has(server)) continue;
      try {
        await give(server, share);
      } catch (error) {
        // Somebody may have given a wrong share before: Vault has forgotten all, and these alone may do.
        const others = open.get(server)!.progress - (given.length - 1) > 0;
        if (!(error instanceof WrongShares) || error.malformed || !others || retried.has(server)) {
          throw error;
        }
        retried.set(server, error);
        open.set(server, await resetUnseal(server.client, { signal }));
        for (const again of given) if (!complete.has(server)) await give(server, again);
      }
    }
    if (complete.size === sealed.length) break;
  }
  for (const [server, error] of retried) {
    if (complete.has(server)) continue;
    await resetUnseal(server.client, { signal });
    throw error;
  }
  for (const server of complete) await untilUnsealed(server, timeoutMs, context);
  return {
    unsealed: [...complete].map(({ name }) => name),
    waiting: sealed.filter((server) => !complete.has(server)).map((server) => {
      const { progress, threshold } = open.get(server)!;
      return { name: server.name, progress, threshold };
    }),
  };
}

/**
 * Wait until a server is unsealed, by what it was given or by itself.
 *
 * @throws {TimedOut} when it is not in time
 */
export async function untilUnsealed(
  server: VaultServer,
  timeoutMs: number,
  context: Pick<Context, "signal">,
  remedy = "see its log for what keeps it sealed",
): Promise<void> {
  await untilSeal(server, timeoutMs, ({ sealed }) => !sealed, remedy, context);
}

/**
 * Have servers that are not initialised join the cluster of one that is unsealed. Where their configuration tells
 * them to join they do by themselves.
 */
export async function joinServers(
  servers: readonly VaultServer[],
  leader: VaultServer,
  options: { caCert?: string; byThemselvesMs: number; timeoutMs?: number },
  context: Pick<Context, "signal">,
): Promise<void> {
  const { signal } = context;
  const isInitialized = ({ initialized }: SealStatus) => initialized;
  const remedy = "see its log for why it does not join";
  const slow = (await Promise.all(servers.map(async (server) => {
    try {
      await untilSeal(server, options.byThemselvesMs, isInitialized, remedy, context);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      return server;
    }
  }))).filter((server) => server !== undefined);
  // One after the other, since each changes the list of servers.
  for (const server of slow) {
    const { leaderAddress } = await leaderStatus(leader.client, { signal });
    await joinRaft(server.client, { leaderAddress, leaderCaCert: options.caCert, signal });
    await untilSeal(server, options.timeoutMs ?? 30_000, isInitialized, remedy, context);
  }
}

/** Look at a server until it is as wanted; one that restarts may be away for a while. */
export async function untilSeal(
  { name, client }: VaultServer,
  timeoutMs: number,
  isWanted: (seal: SealStatus) => boolean,
  remedy: string,
  { signal }: Pick<Context, "signal">,
): Promise<SealStatus> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { seal, problem } = await lookAt({ name, client }, { signal });
    if (seal !== undefined && isWanted(seal)) return seal;
    if (problem !== undefined && !hasProblem(problem, "unreachable", "timed-out", "failed")) {
      throw problem;
    }
    if (performance.now() > deadline) {
      const found = problem?.message ??
        `${seal!.initialized ? "" : "not initialised, "}${seal!.sealed ? "sealed" : "unsealed"}`;
      throw new TimedOut(
        `The Vault server ${name} is not as wanted after ${timeoutMs / 1000} s: ${found}`,
        { remedy, cause: problem },
      );
    }
    await sleepFor(lookMs, signal);
  }
}

function told(error: WrongShares, server: VaultServer, from: string): SlipwayError {
  Object.defineProperty(error, "message", {
    value: `${error.message}; the last one that ${server.name} was given is from ${from}`,
  });
  return error;
}
