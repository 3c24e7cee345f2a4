import type { Context } from "../../core/context.ts";
import { step } from "../../core/steps.ts";
import type { ServerState, VaultServer } from "../../vault/status.ts";
import type { Initialised } from "./initialise.ts";
import type { OpenVault } from "./open.ts";
import { joinServers, unsealServers } from "./unseal_servers.ts";
import { sealedServers, unsealOpen, type UnsealRequest } from "./unseal.ts";

/** How many servers came into work. */
export interface Joined {
  /** Servers that joined. */
  joined: number;
  /** Servers that were unsealed. */
  unsealed: number;
  /** Servers that still want shares. */
  waiting: number;
}

/** How servers come into work. */
export interface JoinRequest extends UnsealRequest {
  /** How long they get to join as their configuration tells them to, in milliseconds. @default 15_000 */
  joinByThemselvesMs?: number;
}

/**
 * Unseal the servers that are sealed, those that were initialised before first, since the others join them. The shares
 * that Vault gave just now are used from memory; else they come from where the command line says.
 */
export async function joinAndUnseal(
  open: OpenVault,
  { keys }: Pick<Initialised, "keys">,
  request: JoinRequest,
  context: Context,
): Promise<Joined> {
  const total: Joined = { joined: 0, unsealed: 0, waiting: 0 };
  const states = await open.look(context);
  const initialized = open.servers.filter((_, index) => states[index]?.seal?.initialized === true);
  await unsealSome(open, initialized, states, keys?.shares, request, context, total);
  const strangers = open.servers.filter((_, index) => states[index]?.seal?.initialized === false);
  if (strangers.length === 0 || total.waiting > 0) return total;
  await open.look(context);
  const leader = open.servers.find(({ client }) => client === open.client)!;
  await step(
    context,
    `Join ${strangers.map(({ name }) => name).join(", ")}`,
    async () => {
      await joinServers(strangers, leader, {
        caCert: open.hosting.caCert,
        byThemselvesMs: request.joinByThemselvesMs ?? 15_000,
      }, context);
      total.joined += strangers.length;
    },
  );
  const joined = await open.look(context);
  await unsealSome(open, strangers, joined, keys?.shares, request, context, total);
  return total;
}

async function unsealSome(
  open: OpenVault,
  servers: readonly VaultServer[],
  states: readonly ServerState[],
  inMemory: readonly string[] | undefined,
  request: UnsealRequest,
  context: Context,
  total: Joined,
): Promise<void> {
  const sealed = sealedServers(open.servers, states).filter((server) => servers.includes(server));
  if (sealed.length === 0) return;
  const seal = states.find(({ name }) => name === sealed[0]!.name)!.seal!;
  if (inMemory === undefined || seal.type !== "shamir") {
    const { unsealed, waiting } = await unsealOpen(open, sealed, states, request, context);
    total.unsealed += unsealed.length;
    total.waiting += waiting.length;
    return;
  }
  await step(
    context,
    `Unseal ${sealed.map(({ name }) => name).join(", ")}`,
    async (progress) => {
      const { unsealed } = await unsealServers(sealed, memory(inMemory), { progress }, context);
      total.unsealed += unsealed.length;
    },
  );
}

async function* memory(shares: readonly string[]) {
  for (const share of shares) yield await Promise.resolve({ share, from: "Vault itself" });
}
