import type { Context } from "../../core/context.ts";
import { ExitCode } from "../../core/errors.ts";
import type { TableEvent } from "../../core/events.ts";
import { autopilotState, raftPeers } from "../../vault/raft.ts";
import type { Vault } from "../../platform/types.ts";
import { sealOf } from "../../platform/vaults.ts";
import type { ServerState } from "../../vault/status.ts";
import { renderPlatform } from "../render/render.ts";
import { openVault, type VaultRequest } from "./open.ts";
import { givenToken } from "./token.ts";

/**
 * Show how the servers of a Vault stand, of all of the platform's Vaults when none is named. The exit code is 5 when
 * one of them is sealed, not initialised, without a leader, or does not answer.
 */
export async function vaultStatus(request: VaultRequest, context: Context): Promise<ExitCode> {
  const { platform } = await renderPlatform(request, context);
  const all = Object.keys(platform.vaults);
  const names = request.vault === undefined && all.length > 1 ? all : [request.vault];
  let healthy = true;
  const vaults: unknown[] = [];
  for (const vault of names) {
    await using open = await openVault({ ...request, vault }, context);
    const states = await open.look(context);
    context.emit(serverTable(open.name, states));
    const wrong = whatIsWrong(open.name, states, sealerOf(open.declared));
    healthy &&= wrong === undefined;
    if (wrong !== undefined) context.emit({ type: "note", level: "warning", ...wrong });
    const token = await givenToken(request, context);
    if (token !== undefined && wrong === undefined) {
      context.emit(await peerTable(open.name, open.client.withToken(token), context));
    }
    vaults.push({ vault: open.name, healthy: wrong === undefined, servers: states.map(plain) });
  }
  context.emit({ type: "summary", healthy, vaults });
  return healthy ? ExitCode.done : ExitCode.differences;
}

/** Name of the Vault that unseals another one; undefined where people do. */
export function sealerOf(declared: Vault): string | undefined {
  return sealOf(declared)?.vault;
}

/**
 * What keeps a Vault from its work, and what to do about it; undefined when it works. `sealer` is the Vault that unseals
 * it, without which its servers do not even start.
 */
export function whatIsWrong(
  name: string,
  states: readonly ServerState[],
  sealer?: string,
): { message: string; remedy: string } | undefined {
  const named = (is: (state: ServerState) => boolean) =>
    states.filter(is).map(({ name }) => name).join(", ");
  const away = states.filter(({ problem }) => problem !== undefined);
  if (away.length === states.length) {
    const { message, remedy = "see its log" } = away[0]!.problem!;
    return {
      message: `the Vault ${name} does not answer: ${message}`,
      remedy: sealer === undefined
        ? remedy
        : `${remedy}; it does not start while the Vault ${sealer}, which unseals it, is sealed or away: see \`deno task vault-status --vault ${sealer}\``,
    };
  }
  const there = states.filter(({ seal }) => seal !== undefined);
  if (there.every(({ seal }) => !seal!.initialized)) {
    return {
      message: `the Vault ${name} is not initialised`,
      remedy: "initialise it with `deno task install-vault`",
    };
  }
  const sealed = named(({ seal }) => seal?.sealed === true && seal.initialized);
  if (sealed !== "") {
    return {
      message: `sealed: ${sealed} of the Vault ${name}`,
      remedy: "unseal it with `deno task unseal-vault`",
    };
  }
  const strangers = named(({ seal }) => seal?.initialized === false);
  if (strangers !== "") {
    return {
      message: `not joined: ${strangers} of the Vault ${name}`,
      remedy: "have them join with `deno task install-vault`",
    };
  }
  // A standby goes on naming a leader that is gone.
  if (away.length * 2 >= states.length) {
    return {
      message:
        `the Vault ${name} has lost its quorum: ${there.length} of ${states.length} servers answer, more than half must`,
      remedy: `start ${away.map(({ name }) => name).join(" and ")}`,
    };
  }
  if (!states.some(({ leader }) => leader?.isLeader === true || leader?.leaderAddress)) {
    return {
      message:
        `the Vault ${name} has no leader: more than half of its servers must run and be unsealed`,
      remedy: "start the servers that are down",
    };
  }
  return away.length === 0 ? undefined : {
    message: `does not answer: ${away.map(({ problem }) => problem!.message).join("; ")}`,
    remedy: away[0]!.problem!.remedy ?? "see its log",
  };
}

/** The servers of a Vault as a table. */
export function serverTable(name: string, states: readonly ServerState[]): TableEvent {
  return {
    type: "table",
    title: `Vault ${name}`,
    columns: ["Server", "State", "Role", "Unsealed by", "Version", "Raft index"],
    rows: states.map(({ name, seal, leader, problem }) => [
      name,
      problem !== undefined ? `no answer: ${problem.problem}` : stateOf(seal!),
      leader === undefined ? "" : leader.isLeader ? "leader" : "standby",
      seal === undefined
        ? ""
        : `${seal.type}, ${seal.threshold} of ${seal.shares} ${
          seal.recoverySeal ? "recovery shares" : "shares"
        }`,
      seal?.version ?? "",
      leader === undefined ? "" : `${leader.appliedIndex} of ${leader.committedIndex}`,
    ]),
  };
}

function stateOf(seal: NonNullable<ServerState["seal"]>): string {
  if (!seal.initialized) return "not initialised";
  if (!seal.sealed) return "unsealed";
  if (seal.migration) return "sealed, waits for its seal to change";
  return seal.progress === 0
    ? "sealed"
    : `sealed, ${seal.progress} of ${seal.threshold} shares given`;
}

async function peerTable(
  name: string,
  client: Parameters<typeof raftPeers>[0],
  { signal }: Context,
): Promise<TableEvent> {
  const peers = await raftPeers(client, { signal });
  const state = await autopilotState(client, { signal });
  return {
    type: "table",
    title: `Raft of ${name}${
      state === undefined ? "" : `, ${state.failureTolerance} servers may fail`
    }`,
    columns: ["Peer", "Address", "Role", "Healthy"],
    rows: peers.map(({ id, address, leader, voter }) => {
      const found = state?.servers.find((server) => server.id === id);
      return [
        id,
        address,
        leader ? "leader" : voter ? "voter" : "no vote yet",
        found === undefined ? "unknown" : found.healthy ? "yes" : "no",
      ];
    }),
  };
}

function plain({ name, seal, leader, problem }: ServerState) {
  return {
    name,
    ...seal,
    ...leader,
    ...(problem === undefined ? {} : { problem: problem.problem, message: problem.message }),
  };
}
