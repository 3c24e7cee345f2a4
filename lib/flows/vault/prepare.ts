import type { Context } from "../../core/context.ts";
import { step } from "../../core/steps.ts";
import { isInCluster } from "../../platform/vaults.ts";
import type { RenderedPlatform } from "../render/render.ts";
import type { Session } from "../session.ts";
import type { OpenVault } from "./open.ts";
import { applyOwnObjects } from "./own_objects.ts";
import { startVaultServers, vaultProcesses } from "./processes.ts";
import { ensureSealToken, type SealTokenRequest } from "./seal_token.ts";
import { ensureVaultCertificates } from "./tls.ts";
import { untilSeal } from "./unseal_servers.ts";

/** How long pods may take to run, images to be pulled among it, in milliseconds. */
const answerTimeoutMs = 300_000;

/** How long a Vault that others started may take, in milliseconds: it runs, or its address is wrong. */
const othersTimeoutMs = 15_000;

/**
 * See to all that the servers of a Vault need before they start, and that they start: objects, certificates, the token
 * of the seal. Returns the Secrets that were written.
 */
export async function prepareServers(
  session: Session,
  rendered: RenderedPlatform,
  request: SealTokenRequest & { vault: string; restart?: boolean },
  context: Context,
): Promise<string[]> {
  const { platform } = rendered;
  const name = request.vault;
  const vault = platform.vaults[name]!;
  const written: string[] = [];
  if (isInCluster(vault)) {
    await applyOwnObjects(session, rendered, name, context);
    if (vault.tls !== undefined) {
      const processes = session.embedded
        ? await vaultProcesses(session.name, platform, name, context)
        : [];
      const extraNames = processes.map(({ ip }) => ip);
      const { written: secrets, renewed } = await step(
        context,
        `See to the certificate of ${name}`,
        () => ensureVaultCertificates(session.client, { name, platform, extraNames }, context),
        ({ written }) => written.length === 0 ? "valid" : `wrote ${written.join(", ")}`,
      );
      written.push(...secrets);
      if (renewed && request.restart !== true) tellOfRestart(name, context);
    }
    if (vault.seal !== undefined && await ensureSealToken(session, vault, request, context)) {
      written.push(`${vault.namespace}/${vault.seal.token.secret}`);
    }
  }
  if (session.embedded) {
    await step(
      context,
      `Start the servers of ${name}`,
      () => startVaultServers(session.name, platform, name, context),
      (servers) => `${servers.length} run`,
    );
  }
  return written;
}

/** Wait until each server answers, initialised or not. */
export async function untilServersAnswer(
  { name, servers, session }: Pick<OpenVault, "name" | "servers" | "session">,
  context: Context,
): Promise<void> {
  const [timeoutMs, remedy] = session === undefined
    ? [othersTimeoutMs, "see whether it runs there, and whether its address is right"] as const
    : [answerTimeoutMs, "see why it does not run, with `deno task status`"] as const;
  await step(context, `Wait until ${name} answers`, async (progress) => {
    for (const [index, server] of servers.entries()) {
      progress(server.name, index, servers.length);
      await untilSeal(server, timeoutMs, () => true, remedy, context);
    }
  });
}

function tellOfRestart(name: string, { emit }: Pick<Context, "emit">): void {
  emit({
    type: "note",
    level: "info",
    message: `${name} reads its new certificate when its servers start`,
    remedy: "restart those that run with `deno task install-vault --restart`",
  });
}
