import { dirname, resolve } from "node:path";
import type { Context } from "../../core/context.ts";
import type { ExitCode } from "../../core/errors.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { elapsedMs } from "../../core/steps.ts";
import { isInCluster } from "../../platform/vaults.ts";
import { vaultConfigurationOf } from "../../platform/vault_configuration.ts";
import { emptyVaultResult } from "../../vault/configure/act.ts";
import type { VaultClient } from "../../vault/client.ts";
import { readPlatformFile } from "../render/render.ts";
import { summary } from "../show.ts";
import { chooseTarget } from "../target.ts";
import { type ConfigureOutcome, configureVault, exitCodeOf } from "./configure_client.ts";
import { desiredVault } from "./desired.ts";
import type { KubernetesSurroundings } from "./desired_auth.ts";
import { type OpenVault, openVault, type VaultRequest } from "./open.ts";
import { readSeedFile } from "./seed_file.ts";
import { vaultFigures, vaultPlanFigures } from "./show_plan.ts";
import { type TokenRequest, withVaultToken } from "./token.ts";

/** How the contents of a Vault are brought about, as the command line says. */
export interface ConfigureSettings {
  /** Stop before the first change. */
  dryRun?: boolean;
  /** Remove policies, roles and database connections that the platform does not name. */
  purge?: boolean;
  /** Mounts to remove with all that is in them. */
  purgeMount?: readonly string[];
  /** Path of a JSON file with values for secrets; `-` is standard input. */
  seedFrom?: string;
  /** Ask for values. @default true */
  prompt?: boolean;
}

/** Which Vault is configured, with which rights, and how. */
export type ConfigureRequest = VaultRequest & TokenRequest & ConfigureSettings;

/**
 * Bring the contents of a Vault to what its platform declares, and what follows from it.
 *
 * @throws {SlipwayError} when it cannot be reached, the token may not do something, or something is in the way
 */
export async function configure(request: ConfigureRequest, context: Context): Promise<ExitCode> {
  const startedAt = context.now();
  const outcome: ConfigureOutcome = { result: emptyVaultResult() };
  const { dryRun = false } = request;
  try {
    await using open = await openVault(request, context);
    await withVaultToken(
      open,
      request,
      context,
      (client) => configureOpenVault(open, client, { ...request, ask: true }, context, outcome),
    );
    return exitCodeOf(outcome, dryRun);
  } finally {
    const { plan, result } = outcome;
    const figures = dryRun && plan !== undefined
      ? vaultPlanFigures(plan)
      : vaultFigures(plan, result);
    context.emit(summary({ ...figures, durationMs: elapsedMs(startedAt, context) }));
  }
}

/**
 * Bring the contents of a Vault that is open to what its platform declares. `install-vault` does so at its end, with
 * the first root token.
 */
export async function configureOpenVault(
  open: Pick<OpenVault, "name" | "platform" | "declared" | "session" | "cluster">,
  client: VaultClient,
  request: VaultRequest & ConfigureSettings & {
    /** Ask before the first change, unless the cluster is the embedded one. */
    ask?: boolean;
  },
  context: Context,
  progress?: ConfigureOutcome,
): Promise<ConfigureOutcome> {
  const { name, platform } = open;
  const { file, text } = await readPlatformFile(request.platform, context);
  const given = request.seedFrom === undefined
    ? undefined
    : await readSeedFile(request.seedFrom, context, text);
  const kubernetes = await kubernetesOf(open, request, context);
  return await configureVault(client, desiredVault(platform, name, { kubernetes }), context, {
    given,
    folder: dirname(resolve(context.cwd, file)),
    prompt: request.prompt,
    dryRun: request.dryRun,
    purge: request.purge,
    purgeMounts: request.purgeMount,
    ask: request.ask && open.session?.embedded !== true,
    progress,
  });
}

/** Where a pod finds its API server. Source: Kubernetes, "Accessing the Kubernetes API from a Pod". */
const inClusterHost = "https://kubernetes.default.svc";

/** How a Vault reaches the API server: from a pod by its Service, from elsewhere as we do. */
async function kubernetesOf(
  { name, platform, declared, cluster }: Pick<
    OpenVault,
    "name" | "platform" | "declared" | "cluster"
  >,
  request: VaultRequest,
  context: Context,
): Promise<KubernetesSurroundings> {
  const { auth } = vaultConfigurationOf(platform, name);
  const usesKubernetes = Object.values(auth).some(({ type }) => type === "kubernetes");
  const isEmbedded = chooseTarget(request, platform.target).kind === "embedded";
  if (!usesKubernetes || (isInCluster(declared) && !isEmbedded)) return { host: inClusterHost };
  const { client } = await cluster(context);
  if (isInCluster(declared)) return { host: client.server };
  // Published in each namespace, by the controller manager.
  const ref = {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: "kube-system",
    name: "kube-root-ca.crt",
  };
  const found = await client.get<KubeObject & { data?: Record<string, string> }>(ref, context);
  const caCert = found?.data?.["ca.crt"];
  if (caCert === undefined) {
    throw new SlipwayError(
      `Cannot tell the Vault ${name} how to know the API server ${client.server}: ConfigMap kube-system/kube-root-ca.crt has no ca.crt`,
      { remedy: "see that the cluster's controller manager runs, which publishes it" },
    );
  }
  return { host: client.server, caCert };
}
