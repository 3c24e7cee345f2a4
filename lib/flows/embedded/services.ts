import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { type Converged, convergeService } from "../../local/services/converge.ts";
import { writeHosts } from "../../local/services/hosts.ts";
import { forgetService, keepService, keptServices } from "../../local/services/kept.ts";
import { findServices, type ServiceHome, stopServices } from "../../local/services/running.ts";
import { checkService, loopbackAddress, type Service } from "../../local/services/service.ts";
import { removeAll } from "../../local/files.ts";
import { programPath } from "./programs.ts";
import { besideCluster, outsideCluster, type ServicePlace } from "./service_place.ts";
import { readServiceSecrets } from "./service_secrets.ts";

export type { Service } from "../../local/services/service.ts";

/** Which services are meant. */
export interface ServiceOptions {
  /** Those that stand outside of the cluster and stay when it goes. @default those that live and die with it */
  outside?: boolean;
}

/** Where a service finds itself and its data. */
export interface ServiceSite {
  /** Its address on loopback, the same at each start. */
  address: string;
  /** Folder of all services, below which each has its own. */
  folder: string;
}

/** Address and folder of a service, whether it runs or not. */
export async function serviceSite(
  cluster: string,
  name: string,
  context: Context,
  options: ServiceOptions = {},
): Promise<ServiceSite> {
  const { home } = await placeOf(cluster, context, options);
  return { address: loopbackAddress(home.id, name), folder: home.folder };
}

/** The services that start with an embedded cluster, whether they run now or not; reads nothing but their files. */
export async function servicesOf(
  cluster: string,
  context: Context,
  options: ServiceOptions = {},
): Promise<Service[]> {
  const { home: { folder } } = await placeOf(cluster, context, options);
  return await keptServices(folder);
}

/** The services of an embedded cluster that are kept, each with whether it runs. */
export async function listServices(
  cluster: string,
  context: Context,
  options: ServiceOptions = {},
): Promise<{ service: Service; running: boolean }[]> {
  const { home: { folder } } = await placeOf(cluster, context, options);
  const running = new Set((await findServices(folder)).map(({ name }) => name));
  return (await keptServices(folder))
    .map((service) => ({ service, running: running.has(service.name) }));
}

/**
 * Make a service run, and start it again with its cluster from now on. One that runs as described is left alone, but
 * for files whose Secrets have changed; a new one that does not start is forgotten.
 *
 * @throws {SlipwayError} when a Secret is missing, or the service ends by itself
 * @throws {TimedOut} when it does not listen in time
 */
export async function runService(
  cluster: string,
  service: Service,
  context: Context,
  { restart = false, ...options }: ServiceOptions & { restart?: boolean } = {},
): Promise<Converged> {
  checkService(service);
  const { home, locked, asAdmin } = await placeOf(cluster, context, options);
  const { folder } = home;
  return await locked(async () => {
    const isNew = (await keptServices(folder)).every(({ name }) => name !== service.name);
    await keepService(folder, service);
    await writeHosts(folder, await keptServices(folder));
    try {
      return await asAdmin((client) => converge(home, service, client, context, { restart }));
    } catch (error) {
      // One that never ran must not be missed at each start of the cluster from now on.
      if (isNew) {
        await stop(folder, service.name, context);
        await forgetService(folder, service.name);
      }
      throw error;
    }
  });
}

/** Start all services that do not run as they should; what went wrong with each, by its name. */
export async function startServices(
  cluster: string,
  context: Context,
  options: ServiceOptions = {},
): Promise<Map<string, unknown>> {
  const { home, locked, asAdmin } = await placeOf(cluster, context, options);
  const failures = new Map<string, unknown>();
  if ((await keptServices(home.folder)).length === 0) return failures;
  await locked(async () => {
    const services = await keptServices(home.folder);
    await writeHosts(home.folder, services);
    await asAdmin((client) =>
      Promise.all(services.map(async (service) => {
        try {
          await converge(home, service, client, context, {});
        } catch (error) {
          context.signal.throwIfAborted();
          failures.set(service.name, error);
        }
      }))
    );
  });
  return failures;
}

/**
 * End a service and start it anew, as after a change that it reads only at its start; `wipe` throws its data away.
 *
 * @throws {SlipwayError} when there is none of this name
 */
export async function restartService(
  cluster: string,
  name: string,
  context: Context,
  { wipe = false, ...options }: ServiceOptions & { wipe?: boolean } = {},
): Promise<void> {
  const { home: { folder }, locked } = await placeOf(cluster, context, options);
  const service = (await keptServices(folder)).find((each) => each.name === name);
  if (service === undefined) {
    throw new SlipwayError(`Cannot restart ${name}: cluster ${cluster} has no such service`);
  }
  if (wipe) {
    await locked(async () => {
      await stop(folder, name, context);
      await removeAll(`${folder}/${service.folder}`);
    });
  }
  await runService(cluster, service, context, { ...options, restart: true });
}

/** End a service and forget it; its data stays. False when there was none. */
export async function stopService(
  cluster: string,
  name: string,
  context: Context,
  options: ServiceOptions = {},
): Promise<boolean> {
  const { home: { folder }, locked } = await placeOf(cluster, context, options);
  return await locked(async () => {
    const known = await forgetService(folder, name);
    return await stop(folder, name, context) || known;
  });
}

/** End all that stands outside of an embedded cluster, and remove it with its data. */
export async function removeOutside(cluster: string, context: Context): Promise<void> {
  const { home: { folder }, locked } = outsideCluster(cluster, context);
  await locked(async () => {
    await stopServices(await findServices(folder), context.signal);
    await removeAll(folder);
    await removeAll(`${folder}.lock`);
  });
}

async function stop(folder: string, name: string, { signal }: Context): Promise<boolean> {
  const running = (await findServices(folder)).filter((each) => each.name === name);
  await stopServices(running, signal);
  return running.length > 0;
}

async function placeOf(
  cluster: string,
  context: Context,
  { outside = false }: ServiceOptions,
): Promise<ServicePlace> {
  return outside ? outsideCluster(cluster, context) : await besideCluster(cluster, context);
}

async function converge(
  home: ServiceHome,
  service: Service,
  client: ClusterClient | undefined,
  context: Context,
  { restart }: { restart?: boolean },
): Promise<Converged> {
  // Looked up at each start, so that a cache that was emptied, or another version, does no harm.
  const program = service.program.startsWith("/")
    ? service.program
    : await programPath(service.program, context);
  return await convergeService(home, { ...service, program }, {
    env: { PATH: context.env("PATH") ?? "/usr/bin:/bin" },
    signal: context.signal,
    restart,
    secrets: (what) => readServiceSecrets(home, service, client, context, what),
  });
}
