import type { Context } from "../../core/context.ts";
import { ExitCode, UsageError } from "../../core/errors.ts";
import { inventoryId } from "../../core/labels.ts";
import { elapsedMs } from "../../core/steps.ts";
import { isInCluster } from "../../platform/vaults.ts";
import type { RenderedPlatform } from "../render/render.ts";
import { renderPlatform } from "../render/render.ts";
import { openSession, type Session } from "../session.ts";
import { chooseTarget } from "../target.ts";
import { underLease } from "../under_lease.ts";
import { chooseVault } from "./choose.ts";
import type { ConfigureSettings } from "./configure.ts";
import { configureInstalled } from "./configure_installed.ts";
import { writeHostFiles } from "./host_files.ts";
import { initialiseVault, planInitialise } from "./initialise.ts";
import { newRecord } from "./key_record.ts";
import { type OpenVault, openVault } from "./open.ts";
import type { KeyStore } from "./keys.ts";
import { openKeys } from "./open_keys.ts";
import { prepareServers, untilServersAnswer } from "./prepare.ts";
import { restartServers } from "./restart.ts";
import type { SealTokenRequest } from "./seal_token.ts";
import { joinAndUnseal, type JoinRequest } from "./join.ts";
import { planOwnObjects } from "./own_objects.ts";
import { showPlan } from "../show.ts";

/** Which Vault is installed, and how. */
export interface InstallRequest extends JoinRequest, SealTokenRequest, ConfigureSettings {
  /** Restart its servers one after the other, standbys first. @default false */
  restart?: boolean;
  /** Folder to write the configuration of a Vault outside of the cluster to; nothing else is done then. */
  out?: string;
}

/**
 * Bring a Vault from nothing to work: its objects or processes, certificates, the token of its seal; initialise it,
 * store its keys, unseal all servers, configure it, and revoke the root token. Whatever it ends at, the next run goes on
 * from there. The exit code is 5 when shares lack to unseal it, and 3 when the first root token is still kept.
 */
export async function installVault(request: InstallRequest, context: Context): Promise<ExitCode> {
  const rendered = await renderPlatform(request, context);
  const { platform } = rendered;
  const { name, declared } = chooseVault(platform, request.vault);
  if (request.out !== undefined) {
    await writeHostFiles(request.out, name, declared, context);
    return ExitCode.done;
  }
  if (declared.outside === undefined && declared.development !== undefined) {
    throw new UsageError(
      `The Vault ${name} runs in development mode: it initialises and unseals itself, and keeps nothing`,
      { remedy: "give it storage in the platform file to install it" },
    );
  }
  if (declared.initialize !== undefined) {
    // What is wrong with the numbers is told before anything is done.
    const { environment } = platform;
    const of = { vault: name, platform: platform.name, environment, seal: "shamir" as const };
    newRecord(of, declared.initialize, context.now());
  }
  const named = { ...request, vault: name };
  const isEmbedded = chooseTarget(request, platform.target).kind === "embedded";
  const byAddress = (request.address ?? context.env("VAULT_ADDR")) !== undefined ||
    (!isEmbedded && !isInCluster(declared));
  if (byAddress) return await install(named, rendered, undefined, context);
  await using session = await openSession(request, platform.target, context);
  if (request.dryRun) return await install(named, rendered, session, context);
  return await underLease(
    session.client,
    inventoryId(platform),
    context,
    (held) => install(named, rendered, session, held),
  );
}

async function install(
  request: InstallRequest & { vault: string },
  rendered: RenderedPlatform,
  session: Session | undefined,
  context: Context,
): Promise<ExitCode> {
  const startedAt = context.now();
  const figures: Record<string, unknown> = { vault: request.vault };
  try {
    if (request.dryRun) return await plan(request, rendered, session, context);
    if (session !== undefined) {
      figures["written"] = await prepareServers(session, rendered, request, context);
    }
    await using open = await openVault(request, context, { session });
    await untilServersAnswer(open, context);
    const store = await openKeys(open, request, context);
    return await bringUp(open, store, { ...request, figures }, context);
  } finally {
    const durationMs = elapsedMs(startedAt, context);
    context.emit({ type: "summary", ...figures, durationMs });
  }
}

/**
 * Bring a Vault whose servers answer to work: initialise it, store its keys, unseal, join and configure it, and revoke
 * the root token; each only as far as it is not done yet.
 */
export async function bringUp(
  open: OpenVault,
  store: KeyStore,
  request: InstallRequest & { figures?: Record<string, unknown> },
  context: Context,
): Promise<ExitCode> {
  const { figures = {} } = request;
  const embedded = open.session?.embedded === true;
  const initialised = await initialiseVault(open, store, { embedded }, context);
  figures["action"] = initialised.step.action;
  const { joined, unsealed, waiting } = await joinAndUnseal(open, initialised, request, context);
  Object.assign(figures, { joined, unsealed, waiting });
  if (waiting > 0) return ExitCode.differences;
  await open.look(context);
  const code = await configureInstalled(open, store, initialised, request, context);
  if (request.restart) await restartServers(open, store, request, context);
  return code;
}

/** Show what an installation would do. */
async function plan(
  request: InstallRequest & { vault: string },
  rendered: RenderedPlatform,
  session: Session | undefined,
  context: Context,
): Promise<ExitCode> {
  if (session !== undefined) {
    const objects = await planOwnObjects(session, rendered, request.vault, context);
    const changes = objects.changes.filter(({ action }) => action !== "kept");
    showPlan({ ...objects, changes }, context.emit);
  }
  await using open = await openVault(request, context, { session });
  const store = await openKeys(open, request, context);
  const { first } = await planInitialise(open, store, context);
  context.emit({
    type: "note",
    level: first.action === "refuse" ? "warning" : "info",
    message: `${open.name}: ${first.action.replaceAll("-", " ")}, since ${first.because}`,
    ...(first.action === "refuse" ? { remedy: first.remedy } : {}),
  });
  return ExitCode.done;
}
