import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { step } from "../../core/steps.ts";
import { formatBytes } from "../../core/units.ts";
import type { VaultClient } from "../../vault/client.ts";
import { hasProblem } from "../../vault/errors.ts";
import { initialize, type InitialKeys } from "../../vault/initialize.ts";
import { tokenIsValid } from "../../vault/root.ts";
import type { VaultBackupSeal } from "../../vault/snapshot/details.ts";
import { forceSnapshot } from "../../vault/snapshot/restore.ts";
import { leaderStatus, sealStatus, type VaultServer } from "../../vault/status.ts";
import { sleepFor } from "../../core/retry.ts";
import type { OpenVault } from "./open.ts";
import type { RestoreStateFile } from "./restore_state.ts";
import type { RestoreStep } from "./restore_step.ts";
import { WrongShares } from "../../vault/unseal.ts";
import { unsealServers, untilUnsealed } from "./unseal_servers.ts";

/** What it takes to give a Vault its snapshot. */
export interface Restoring {
  /** The snapshot, checked. */
  snapshot: Uint8Array<ArrayBuffer>;
  /** What unseals it. */
  seal: VaultBackupSeal;
  /** Keeps how far it came. */
  state: RestoreStateFile;
  /** Keys of the empty Vault that an earlier run kept. */
  keys?: InitialKeys;
  /** Token of the Vault that is in use. */
  token?: string;
}

/** How long a server may take to become the leader, in milliseconds. */
const leaderTimeoutMs = 60_000;
/** How long is waited between two looks, in milliseconds. */
const lookMs = 30;

/**
 * Bring the snapshot into the Vault, from wherever it stands. Afterwards it waits to be unsealed by what unsealed the
 * one that was backed up.
 */
export async function bringIn(
  open: OpenVault,
  first: RestoreStep,
  restoring: Restoring,
  context: Context,
): Promise<void> {
  const { state, token } = restoring;
  switch (first.action) {
    case "refuse":
      throw new SlipwayError(`Cannot restore to the Vault ${open.name}: ${first.because}`, {
        remedy: first.remedy,
      });
    case "prove":
      return;
    case "replace":
      if (!first.empties) {
        await state.write({ stage: "replacing" }, context);
        return await force(open, open.client.withToken(token), restoring, context);
      }
      await step(context, `Empty ${open.servers.map(({ name }) => name).join(", ")}`, async () => {
        for (const { name } of open.servers) await open.hosting.wipe(name, context);
      });
      return await fill(open, restoring, context);
    case "fill":
      return await fill(open, restoring, context);
    case "go-on":
      return await goOn(open, restoring, context);
  }
}

/**
 * An empty Vault takes a snapshot only once it is initialised, so it gets keys that go with all else. It remembers their
 * numbers when it is sealed, so these are already those of the backup.
 */
async function fill(open: OpenVault, restoring: Restoring, context: Context): Promise<void> {
  const { seal: { shares, threshold, type }, state } = restoring;
  const server = open.servers[0]!;
  const keys = await step(context, `Initialise ${server.name} for the snapshot`, async () => {
    await state.write({ stage: "initialising" }, context);
    // Whoever interrupts the run must not come between Vault's answer and its storing.
    const keys = await initialize(server.client, {
      shares,
      threshold,
      autoUnseal: type !== "shamir",
      redactor: context.redactor,
    });
    await state.write({ stage: "initialised", keys }, context);
    context.signal.throwIfAborted();
    return keys;
  });
  await goOn(open, { ...restoring, keys }, context);
}

/** With the keys of the empty Vault, unless the snapshot has taken their place already. */
async function goOn(open: OpenVault, restoring: Restoring, context: Context): Promise<void> {
  const { keys, seal, state } = restoring;
  const server = open.servers[0]!;
  const { shares, rootToken } = keys!;
  if (seal.type === "shamir" && (await sealStatus(server.client, context)).sealed) {
    try {
      await unsealServers([server], inMemory(shares), { progress: () => {} }, context);
    } catch (error) {
      if (!(error instanceof WrongShares)) throw error;
      await state.write({ stage: "replaced" }, context);
      return;
    }
  }
  await untilLeads(server, context);
  const client = server.client.withToken(rootToken);
  if (!await tokenIsValid(client, context)) {
    await state.write({ stage: "replaced" }, context);
    return;
  }
  await force(open, client, restoring, context);
  // Those that joined the empty Vault in the meantime know only its keys; they join anew what it has become.
  for (const other of open.servers.slice(1)) {
    if (!(await sealStatus(other.client, context)).initialized) continue;
    await step(context, `Empty ${other.name}`, () => open.hosting.wipe(other.name, context));
  }
}

async function force(
  open: OpenVault,
  client: VaultClient,
  { snapshot, seal, state }: Restoring,
  context: Context,
): Promise<void> {
  await step(
    context,
    `Give ${open.name} the snapshot`,
    () => forceSnapshot(client, snapshot, context),
    () => formatBytes(snapshot.length),
  );
  await state.write({ stage: "replaced" }, context);
  const server = open.servers.find((each) => each.client.address === client.address);
  if (server === undefined || seal.type !== "shamir") return;
  // A Vault that had other numbers of shares before knows those of the backup only after a restart.
  const now = await sealStatus(server.client, context);
  if (now.sealed && (now.threshold !== seal.threshold || now.shares !== seal.shares)) {
    await step(context, `Restart ${server.name}`, () => open.hosting.restart(server.name, context));
  }
}

async function untilLeads(server: VaultServer, { signal }: Context): Promise<void> {
  await untilUnsealed(server, leaderTimeoutMs, { signal });
  const deadline = performance.now() + leaderTimeoutMs;
  for (;;) {
    try {
      if ((await leaderStatus(server.client, { signal })).isLeader) return;
    } catch (error) {
      if (!hasProblem(error, "no-leader", "quorum-lost", "sealed")) throw error;
    }
    if (performance.now() > deadline) {
      throw new SlipwayError(`The Vault server ${server.name} does not become the leader`, {
        remedy: "see its log, then run the same command again",
      });
    }
    await sleepFor(lookMs, signal);
  }
}

async function* inMemory(shares: readonly string[]) {
  for (const share of shares) yield await Promise.resolve({ share, from: "the empty Vault" });
}
