import type { Context } from "../../core/context.ts";
import { ExitCode, SlipwayError, TimedOut } from "../../core/errors.ts";
import { elapsedMs, step } from "../../core/steps.ts";
import { sealOf } from "../../platform/vaults.ts";
import type { ServerState, VaultServer } from "../../vault/status.ts";
import type { KeyStore } from "./keys.ts";
import { type OpenVault, openVault, type VaultRequest } from "./open.ts";
import { type KeysRequest, openKeys } from "./open_keys.ts";
import { namesShares, type ShareRequest, sharesFor } from "./shares.ts";
import { sealerOf, whatIsWrong } from "./status.ts";
import { unsealServers, untilUnsealed } from "./unseal_servers.ts";

/** Which Vault is to be unsealed, and by what. */
export interface UnsealRequest extends VaultRequest, ShareRequest, KeysRequest {
  /** Change from shares to the other Vault that the configuration names. @default false */
  migrate?: boolean;
  /** Only tell what is sealed. @default false */
  dryRun?: boolean;
}

/** How long a Vault may take to unseal itself, in milliseconds. */
const byItselfMs = 60_000;

/**
 * Unseal what is sealed of a Vault; when nothing is, nothing is done. The exit code is 5 when it stays sealed, since
 * more shares are needed than there are.
 */
export async function unsealVault(request: UnsealRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  await using open = await openVault(request, context);
  const states = await open.look(context);
  throwIfNotInitialized(open, states);
  const sealed = sealedServers(open.servers, states);
  const tell = (unsealed: number, waiting: number) =>
    context.emit({
      type: "summary",
      vault: open.name,
      unsealed,
      sealed: waiting,
      durationMs: elapsedMs(startedAt, context),
    });
  if (sealed.length === 0) {
    context.emit({ type: "note", level: "info", message: `nothing of ${open.name} is sealed` });
    tell(0, 0);
    return ExitCode.done;
  }
  if (request.dryRun) {
    context.emit({
      type: "note",
      level: "info",
      message: `sealed: ${sealed.map(({ name }) => name).join(", ")}`,
    });
    tell(0, sealed.length);
    return ExitCode.done;
  }
  const done = await unsealOpen(open, sealed, states, request, context);
  for (const { name, progress, threshold } of done.waiting) {
    context.emit({
      type: "note",
      level: "warning",
      message: `${name} is still sealed: it has ${progress} of ${threshold} shares`,
      remedy: "have the next holder run `deno task unseal-vault` with theirs",
    });
  }
  if (request.migrate && done.waiting.length === 0) await recordMigration(open, request, context);
  tell(done.unsealed.length, done.waiting.length);
  return done.waiting.length === 0 ? ExitCode.done : ExitCode.differences;
}

/** Unseal servers of a Vault that is open, by itself or by shares. */
export async function unsealOpen(
  open: OpenVault,
  sealed: readonly VaultServer[],
  states: readonly ServerState[],
  request: Omit<UnsealRequest, "platform">,
  context: Context,
): Promise<Awaited<ReturnType<typeof unsealServers>>> {
  const seal = states.find(({ name }) => name === sealed[0]!.name)!.seal!;
  if (seal.migration && request.migrate !== true) {
    throw new SlipwayError(
      `The Vault ${open.name} waits to change how it is unsealed, and takes shares for that only`,
      { remedy: "give the shares once more with `deno task unseal-vault --migrate`" },
    );
  }
  if (request.migrate && !seal.migration) {
    throw new SlipwayError(
      `The Vault ${open.name} does not wait to change how it is unsealed: its configuration names ${
        seal.type === "shamir" ? "no other Vault" : `${seal.type} already`
      }`,
      {
        remedy:
          "declare its seal in the platform file, apply that, and restart its servers with `deno task install-vault --restart`",
      },
    );
  }
  return await step(
    context,
    `Unseal ${open.name}`,
    async (progress) => {
      if (seal.type !== "shamir" && !seal.migration) {
        progress(`it unseals itself by ${seal.type}`);
        for (const server of sealed) await byItself(open, server, context);
        return { unsealed: sealed.map(({ name }) => name), waiting: [] };
      }
      const keys = async (): Promise<KeyStore | undefined> =>
        open.declared.initialize === undefined || (request.shareFile ?? []).length > 0 &&
            (request.identity ?? []).length === 0
          ? undefined
          : await openKeys(open, request, context);
      const shares = sharesFor(
        request,
        { name: open.name, threshold: seal.threshold, keys },
        context,
      );
      const options = { migrate: request.migrate, progress };
      const result = await unsealServers(sealed, shares, options, context);
      if (result.unsealed.length === 0 && namesShares(request) && !result.waiting[0]?.progress) {
        throw new SlipwayError(`Cannot unseal ${open.name}: none of its shares could be read`, {
          remedy: "name the identity of one of its holders, and with --keys where the shares are",
        });
      }
      return result;
    },
    ({ unsealed, waiting }) =>
      waiting.length === 0
        ? `${unsealed.length} unsealed`
        : waiting.map(({ name, progress, threshold }) =>
          `${name}: ${progress} of ${threshold} shares`
        ).join(", "),
  );
}

/** From now on the shares that are kept recover, and another Vault unseals. */
async function recordMigration(
  open: OpenVault,
  request: UnsealRequest,
  context: Context,
): Promise<void> {
  const { initialize } = open.declared;
  const seal = sealOf(open.declared);
  if (initialize === undefined) return;
  const store = await openKeys(open, request, context);
  const record = await store.read(context);
  if (record === undefined) return;
  const { vault, mountPath, key } = seal ?? {};
  const transit = vault && mountPath && key ? { vault, mountPath, key } : undefined;
  await store.write({ ...record, seal: "transit", transit }, context);
}

/** The servers that are sealed, among those that answer. */
export function sealedServers(
  servers: readonly VaultServer[],
  states: readonly ServerState[],
): VaultServer[] {
  return servers.filter((_, index) => states[index]?.seal?.sealed === true);
}

function throwIfNotInitialized(
  { name, declared }: OpenVault,
  states: readonly ServerState[],
): void {
  const answering = states.filter(({ seal }) => seal !== undefined);
  if (answering.length === 0) {
    const { message, remedy } = whatIsWrong(name, states, sealerOf(declared))!;
    const cause = states[0]!.problem;
    throw new SlipwayError(`Cannot unseal: ${message}`, { remedy, cause });
  }
  if (answering.some(({ seal }) => seal!.initialized)) return;
  throw new SlipwayError(`Cannot unseal the Vault ${name}: it is not initialised`, {
    remedy: "initialise it with `deno task install-vault`",
  });
}

async function byItself(open: OpenVault, server: VaultServer, context: Context): Promise<void> {
  const seal = sealOf(open.declared);
  const other = seal === undefined ? "the Vault that its seal names" : `the Vault ${seal.vault}`;
  try {
    await untilUnsealed(server, byItselfMs, context);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    throw new TimedOut(`${error.message}, and ${other} should unseal it`, {
      remedy: `see with \`deno task vault-status\` that ${other} runs and is unsealed${
        seal === undefined ? "" : `, and that Secret ${seal.token.secret} has a token that it knows`
      }`,
      cause: error,
    });
  }
}
