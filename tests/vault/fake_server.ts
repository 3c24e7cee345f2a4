import { createRedactor } from "../../lib/core/redact.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { connectionFailure } from "../../lib/vault/connection_failure.ts";
import { vaultClientOver } from "../../lib/vault/http.ts";
import type { VaultServer } from "../../lib/vault/status.ts";

/** A Vault server in memory, as far as its life is asked for. */
export interface FakeServer extends VaultServer {
  /** How it stands; tests change it. */
  state: FakeState;
  /** All requests so far, such as `PUT sys/unseal`. */
  calls: string[];
}

/** How a fake server stands. */
export interface FakeState {
  /** Whether it answers at all. */
  away: boolean;
  /** Whether it was initialised. */
  initialized: boolean;
  /** Whether it is sealed. */
  sealed: boolean;
  /** `shamir` or `transit`. */
  type: string;
  /** Whether it waits for a migration of its seal. */
  migration: boolean;
  /** Shares that open it; as many as its threshold. */
  opens: string[];
  /** Number of shares. */
  shares: number;
  /** Shares that it was given. */
  given: string[];
  /** Whether it leads. */
  leads: boolean;
  /** Whom it takes for the leader. */
  leaderAddress: string;
  /** Index that it has applied. */
  index: number;
  /** Index that the cluster has committed. */
  committed: number;
  /** Answers of other paths: status and body. */
  answers: Record<string, [status: number, body: unknown]>;
}

/** Make a fake server, unsealed and leading unless the changes say otherwise. */
export function fakeServer(name: string, changes: Partial<FakeState> = {}): FakeServer {
  const state: FakeState = {
    away: false,
    initialized: true,
    sealed: false,
    type: "shamir",
    migration: false,
    opens: ["one", "two"],
    shares: 3,
    given: [],
    leads: true,
    leaderAddress: `http://${name}:8200`,
    index: 7,
    committed: 7,
    answers: {},
    ...changes,
  };
  const calls: string[] = [];
  const answer = (method: string, path: string, body: Record<string, unknown>): Response => {
    const json = (value: unknown, status = 200) => Response.json(value, { status });
    const given = state.answers[`${method} ${path}`];
    if (given !== undefined) return json(given[1], given[0]);
    if (path === "sys/seal-status") return json(sealOf(state));
    if (path === "sys/unseal") {
      if (!state.initialized) return json({ errors: ["Vault is not initialized"] }, 400);
      const { key } = body as { key?: string };
      if (key === undefined) state.given = [];
      else if (key === "malformed") {
        return json({ errors: ["'key' must be a valid hex or base64 string"] }, 400);
      } else if (!state.given.includes(key)) state.given.push(key);
      if (state.given.length < state.opens.length) return json(sealOf(state));
      const fits = state.given.every((share) => state.opens.includes(share));
      state.given = [];
      if (!fits) return json({ errors: ["cipher: message authentication failed"] }, 400);
      state.sealed = false;
      state.migration = false;
      return json(sealOf(state));
    }
    if (state.sealed) return json({ errors: ["Vault is sealed"] }, 503);
    if (path === "sys/leader") {
      return json({
        is_self: state.leads,
        leader_address: state.leaderAddress,
        raft_applied_index: state.index,
        raft_committed_index: state.committed,
      });
    }
    return json({ errors: [] }, 404);
  };
  const client: VaultClient = vaultClientOver({
    address: `http://${name}:8200`,
    send: async ({ method, path, body }) => {
      const url = new URL(path, "http://vault");
      const short = url.pathname.slice("/v1/".length);
      calls.push(`${method} ${short}`);
      if (state.away) {
        const error = new TypeError("(Connect) connection refused");
        throw connectionFailure(`${method} ${short}`, `http://${name}:8200`, error);
      }
      const text = body === undefined ? "{}" : await new Response(body).text();
      const { status, headers, body: stream } = answer(method, short, JSON.parse(text));
      return { status, headers, body: stream };
    },
    close: () => {},
  }, { redactor: createRedactor(), retry: { sleep: () => Promise.resolve() } });
  return { name, client, state, calls };
}

function sealOf(state: FakeState): Record<string, unknown> {
  return {
    type: state.type,
    initialized: state.initialized,
    sealed: state.sealed,
    t: state.opens.length,
    n: state.shares,
    progress: state.given.length,
    migration: state.migration,
    recovery_seal: state.type !== "shamir",
    version: "1.21.1",
  };
}
