import { SlipwayError } from "../core/errors.ts";
import { readIfThere, writePrivate } from "./files.ts";
import { freePort, isFree } from "./ports.ts";

/** What a cluster keeps over `down` and `up`, besides its data, certificates and keys. */
export interface ClusterState {
  /** Version of this form. */
  version: 1;
  /** Random id; the processes of the cluster carry it in their environment. */
  id: string;
  /** Port of the API server on loopback. */
  port: number;
  /** RFC 3339 time at which the cluster was made. */
  createdAt: string;
}

/** Path of the state of the cluster in a folder. */
export function statePath(folder: string): string {
  return `${folder}/state.json`;
}

/**
 * The state of the cluster in a folder, or undefined when there is none.
 *
 * @throws {SlipwayError} when the file is damaged or from a later version
 */
export async function readState(folder: string): Promise<ClusterState | undefined> {
  const text = await readIfThere(statePath(folder));
  if (text === undefined) return undefined;
  const state = parseState(text);
  if (state === undefined) {
    throw new SlipwayError(`Cannot read ${statePath(folder)}: it is no state of version 1`, {
      remedy: "`deno task cluster reset` removes the cluster and what is in it",
    });
  }
  return state;
}

/** Write the state of the cluster in a folder. */
export async function writeState(folder: string, state: ClusterState): Promise<void> {
  await writePrivate(statePath(folder), JSON.stringify(state, null, 2) + "\n");
}

function parseState(text: string): ClusterState | undefined {
  try {
    const { version, id, port, createdAt } = JSON.parse(text) as Record<string, unknown>;
    if (
      version !== 1 || typeof id !== "string" || typeof port !== "number" ||
      typeof createdAt !== "string"
    ) return undefined;
    return { version, id, port, createdAt };
  } catch {
    return undefined;
  }
}

/** URL of a cluster's API server. */
export function serverOf(state: Pick<ClusterState, "port">): string {
  return `https://127.0.0.1:${state.port}`;
}

/**
 * The state that a cluster is to start with: the one it has, or a new one. Its port is replaced
 * when another program took it while the API server did not run.
 */
export async function settleState(
  folder: string,
  apiServerRuns: boolean,
  now: Temporal.Instant,
): Promise<ClusterState> {
  const known = await readState(folder);
  if (known !== undefined && (apiServerRuns || isFree(known.port))) return known;
  const state: ClusterState = known === undefined
    ? { version: 1, id: crypto.randomUUID(), port: freePort(), createdAt: now.toString() }
    : { ...known, port: freePort() };
  await writeState(folder, state);
  return state;
}
