import { SlipwayError, TimedOut } from "../../core/errors.ts";
import { sleepFor } from "../../core/retry.ts";
import type { StartedProcess } from "../process.ts";
import {
  findServices,
  refreshFiles,
  serviceEnded,
  serviceFingerprint,
  type ServiceHome,
  serviceLog,
  startService,
  stopServices,
} from "./running.ts";
import type { Service, ServiceSecrets } from "./service.ts";

/** How to make a service run as it is described. */
export interface ConvergeOptions {
  /** Reads what its Secrets hold now; with a token of its account when it is to be started. */
  secrets: (what: { token: boolean }) => Promise<ServiceSecrets>;
  /** Environment that all services get. */
  env: Readonly<Record<string, string>>;
  /** Start it anew even when it runs as described. @default false */
  restart?: boolean;
  /** Ends the waiting; what was started stays. */
  signal: AbortSignal;
  /** How long it may take until it listens, in milliseconds. @default 60_000 */
  timeoutMs?: number;
}

/** What was done for a service. */
export type Converged = "started" | "restarted" | "refreshed" | "unchanged";

/**
 * Make a service run as it is described: one that does so already only gets new content of its files; one that does
 * not is replaced. Returns once it listens.
 *
 * @throws {SlipwayError} with the end of its log when it ends by itself, and when others listen where it would
 * @throws {TimedOut} when it does not listen in time
 */
export async function convergeService(
  home: ServiceHome,
  service: Service,
  { secrets, env, restart = false, signal, timeoutMs = 60_000 }: ConvergeOptions,
): Promise<Converged> {
  const running = (await findServices(home.folder)).filter(({ name }) => name === service.name);
  const [only] = running;
  const isRight = only !== undefined && running.length === 1 && only.clusterId === home.id &&
    only.fingerprint === serviceFingerprint(home, service);
  if (isRight && !restart) {
    const { files } = await secrets({ token: false });
    const written = await refreshFiles(only, service, files);
    return written.length === 0 ? "unchanged" : "refreshed";
  }
  // Read before the old one is stopped: what is missing must not end what runs.
  const given = await secrets({ token: true });
  await stopServices(running, signal);
  await refuseTaken(service);
  const started = await startService(home, service, given, env);
  try {
    await untilItListens(home, service, started, signal, timeoutMs);
  } finally {
    started.letGo();
  }
  return running.length === 0 ? "started" : "restarted";
}

/** Whoever else listens there would be taken for the service, whose own program cannot start. */
async function refuseTaken({ name, listensAt: { address, port } }: Service): Promise<void> {
  if (!await answers(address, port)) return;
  throw new SlipwayError(
    `Cannot start ${name}: another program listens on ${address}:${port}, or on that port of all addresses`,
    { remedy: `see which one it is with \`ss -ltnp sport = :${port}\`, and end it` },
  );
}

async function untilItListens(
  home: ServiceHome,
  service: Service,
  started: StartedProcess,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  const { address, port } = service.listensAt;
  let how: string | undefined;
  started.ended.then((text) => how = text);
  const deadline = performance.now() + timeoutMs;
  while (!await answers(address, port)) {
    if (how !== undefined) throw await serviceEnded(home.folder, service.name, how);
    if (performance.now() > deadline) {
      throw new TimedOut(
        `${service.name} does not listen on ${address}:${port} ${
          timeoutMs / 1000
        } s after its start`,
        { remedy: `read ${serviceLog(home.folder, service.name)}` },
      );
    }
    // A server cannot tell anybody that it is about to answer.
    await sleepFor(20, signal);
  }
}

async function answers(hostname: string, port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch {
    return false;
  }
}
