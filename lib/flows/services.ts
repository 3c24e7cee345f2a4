import type { ClusterClient } from "../core/cluster.ts";
import type { Context } from "../core/context.ts";
import { SlipwayError } from "../core/errors.ts";
import type { KubeObject } from "../core/object.ts";
import { lockCluster } from "../local/down.ts";
import { clusterFolder, localFolders } from "../local/paths.ts";
import { type Converged, convergeService } from "../local/services/converge.ts";
import { writeHosts } from "../local/services/hosts.ts";
import { forgetService, keepService, keptServices } from "../local/services/kept.ts";
import { findServices, type ServiceHome, stopServices } from "../local/services/running.ts";
import {
  checkService,
  loopbackAddress,
  type SecretRef,
  type Service,
  type ServiceSecrets,
} from "../local/services/service.ts";
import { readState, serverOf } from "../local/state.ts";
import { connect } from "./connect.ts";

export type { Service } from "../local/services/service.ts";

/** Where a pod finds what its service account may use. Source: Kubernetes, "Accessing the Kubernetes API from a Pod". */
const accountFolder = "/run/secrets/kubernetes.io/serviceaccount";

/**
 * A kubelet renews the tokens of its pods; nobody stands beside a service to do so. It is held in memory only, and ends
 * with its account or its cluster.
 */
const tokenSeconds = 10 * 365 * 24 * 60 * 60;

/**
 * Where the services of an embedded cluster run.
 *
 * @throws {SlipwayError} when the cluster was never made
 */
export async function serviceHome(cluster: string, context: Context): Promise<ServiceHome> {
  const folder = clusterFolder(localFolders(context.env).stateDir, cluster);
  const state = await readState(folder);
  if (state === undefined) {
    throw new SlipwayError(`There is no embedded cluster ${cluster}`, {
      remedy: "make it with `deno task cluster up`",
    });
  }
  return { folder, id: state.id, server: serverOf(state) };
}

/** Address on loopback of a service of an embedded cluster, which is the same at each start. */
export async function serviceAddress(
  cluster: string,
  name: string,
  context: Context,
): Promise<string> {
  return loopbackAddress((await serviceHome(cluster, context)).id, name);
}

/**
 * Make a service run beside an embedded cluster, and start it again with the cluster from now on. One that runs as
 * described is left alone, but for files whose Secrets have changed.
 *
 * @throws {SlipwayError} when a Secret is missing, or the service ends by itself
 * @throws {TimedOut} when it does not listen in time
 */
export async function runService(
  cluster: string,
  service: Service,
  context: Context,
  { restart = false }: { restart?: boolean } = {},
): Promise<Converged> {
  checkService(service);
  const home = await serviceHome(cluster, context);
  return await locked(cluster, context, async () => {
    await keepService(home.folder, service);
    await writeHosts(home.folder, await keptServices(home.folder));
    return await withAdmin(
      home,
      context,
      (client) => converge(home, service, client, context, { restart }),
    );
  });
}

/** Start services of an embedded cluster that do not run as they should; errors of each, by its name. */
export async function startServices(
  cluster: string,
  context: Context,
): Promise<Map<string, unknown>> {
  const home = await serviceHome(cluster, context);
  const failures = new Map<string, unknown>();
  if ((await keptServices(home.folder)).length === 0) return failures;
  await locked(cluster, context, async () => {
    const services = await keptServices(home.folder);
    await writeHosts(home.folder, services);
    await withAdmin(home, context, (client) =>
      Promise.all(services.map(async (service) => {
        try {
          await converge(home, service, client, context, {});
        } catch (error) {
          context.signal.throwIfAborted();
          failures.set(service.name, error);
        }
      })));
  });
  return failures;
}

/**
 * End a service of an embedded cluster and start it anew, as after a change that it reads only at its start.
 *
 * @throws {SlipwayError} when there is none of this name
 */
export async function restartService(
  cluster: string,
  name: string,
  context: Context,
): Promise<void> {
  const { folder } = await serviceHome(cluster, context);
  const service = (await keptServices(folder)).find((each) => each.name === name);
  if (service === undefined) {
    throw new SlipwayError(`Cannot restart ${name}: cluster ${cluster} has no such service`);
  }
  await runService(cluster, service, context, { restart: true });
}

/** End a service of an embedded cluster and forget it; its folder stays. False when there was none. */
export async function stopService(
  cluster: string,
  name: string,
  context: Context,
): Promise<boolean> {
  const { folder } = await serviceHome(cluster, context);
  return await locked(cluster, context, async () => {
    const known = await forgetService(folder, name);
    const running = (await findServices(folder)).filter((each) => each.name === name);
    await stopServices(running, context.signal);
    return known || running.length > 0;
  });
}

function converge(
  home: ServiceHome,
  service: Service,
  client: ClusterClient,
  context: Context,
  { restart }: { restart?: boolean },
): Promise<Converged> {
  return convergeService(home, service, {
    env: { PATH: context.env("PATH") ?? "/usr/bin:/bin" },
    signal: context.signal,
    restart,
    secrets: ({ token }) => readSecrets(home, service, client, context, { token }),
  });
}

async function readSecrets(
  home: ServiceHome,
  service: Service,
  client: ClusterClient,
  context: Context,
  { token }: { token: boolean },
): Promise<ServiceSecrets> {
  const { redactor, signal } = context;
  const read = async (ref: SecretRef) => {
    const bytes = await secretBytes(client, service.name, ref, signal);
    const text = new TextDecoder().decode(bytes);
    // Certificates are public, and their first and last lines stand in others too.
    if (!ref.key.endsWith(".crt")) redactor.add(text);
    return { bytes, text };
  };
  const env: Record<string, string> = {};
  const files: Record<string, Uint8Array> = {};
  for (const [name, ref] of Object.entries(service.secretEnv ?? {})) {
    env[name] = (await read(ref)).text;
  }
  for (const [path, ref] of Object.entries(service.secretFiles ?? {})) {
    files[path] = (await read(ref)).bytes;
  }
  const { account } = service;
  if (account !== undefined && token) {
    const given = await client.requestToken(account, { expirationSeconds: tokenSeconds, signal });
    redactor.add(given.token);
    const encode = (text: string) => new TextEncoder().encode(text);
    files[`${accountFolder}/token`] = encode(given.token);
    files[`${accountFolder}/namespace`] = encode(account.namespace);
    files[`${accountFolder}/ca.crt`] = await Deno.readFile(`${home.folder}/certs/ca.crt`);
  }
  return { env, files };
}

async function secretBytes(
  client: ClusterClient,
  service: string,
  { namespace, secret, key }: SecretRef,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const ref = { apiVersion: "v1", kind: "Secret", namespace, name: secret };
  const found = await client.get<KubeObject & { data?: Record<string, string> }>(ref, { signal });
  const value = found?.data?.[key];
  if (value !== undefined) return Uint8Array.fromBase64(value);
  throw new SlipwayError(
    `Cannot start ${service}: ${
      found === undefined
        ? `there is no Secret ${namespace}/${secret}`
        : `Secret ${namespace}/${secret} has no key ${key}`
    }`,
    { remedy: "make it, and run the command again" },
  );
}

async function withAdmin<T>(
  { folder }: ServiceHome,
  context: Context,
  work: (client: ClusterClient) => Promise<T>,
): Promise<T> {
  const { client } = await connect({ kubeconfig: `${folder}/kubeconfig` }, context);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

function locked<T>(name: string, context: Context, work: () => Promise<T>): Promise<T> {
  const { stateDir } = localFolders(context.env);
  return lockCluster({ name, stateDir, signal: context.signal }, work);
}
