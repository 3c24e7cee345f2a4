import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { SlipwayError } from "../../core/errors.ts";
import { makePrivateFolder } from "../files.ts";
import { findMarked, type MarkedProcess } from "../marked_processes.ts";
import { marks } from "../marks.ts";
import { lastLines, type StartedProcess, startProcess, stopProcess } from "../process.ts";
import type { ProcessIdentity } from "../process_table.ts";
import { hostsPath } from "./hosts.ts";
import type { Service, ServiceSecrets } from "./service.ts";

/** How long a service may take to end in order, in milliseconds: Vault hands its leadership on. */
const graceMs = 10_000;

/** Where services run: an embedded cluster, or a place of its own. */
export interface ServiceHome {
  /** Folder that holds all that is kept of them. */
  folder: string;
  /** Random id. */
  id: string;
  /** URL of the API server, where there is one. */
  server?: string;
}

/** The services that were started for the home in a folder, by this run or by any before. */
export async function findServices(folder: string): Promise<MarkedProcess[]> {
  const found = await findMarked(folder, "service");
  return found.toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/** Path of the log of a service. */
export function serviceLog(folder: string, name: string): string {
  return `${folder}/logs/${name}.log`;
}

/**
 * What a service is started with, as a short text that changes when any of it changes. Secrets are left out: one that
 * changed reaches a service that runs by its files, as it would reach a pod.
 */
export function serviceFingerprint(home: ServiceHome, service: Service): string {
  const server = service.account === undefined ? undefined : home.server;
  return createHash("sha256").update(JSON.stringify([service, server])).digest("hex").slice(0, 16);
}

/** Start a service in a mount namespace of its own. Returns once it has been given all that it needs. */
export async function startService(
  home: ServiceHome,
  service: Service,
  secrets: ServiceSecrets,
  env: Readonly<Record<string, string>>,
): Promise<StartedProcess> {
  const cwd = `${home.folder}/${service.folder}`;
  const stage = `${home.folder}/stages/${service.name}`;
  for (const folder of [cwd, stage, `${home.folder}/logs`]) await makePrivateFolder(folder);
  return await startProcess({
    command: [
      "unshare",
      "--mount",
      // Whoever is not root may mount only as the root of a user namespace of his own.
      ...(Deno.uid() === 0 ? [] : ["--user", "--map-root-user"]),
      "sh",
      fileURLToPath(new URL("launch.sh", import.meta.url)),
      stage,
      hostsPath(home.folder),
      service.program,
      ...service.args,
    ],
    env: {
      ...env,
      HOME: cwd,
      ...service.env,
      ...(service.account === undefined ? {} : inCluster(home)),
      [marks.folder]: home.folder,
      [marks.id]: home.id,
      [marks.service]: service.name,
      [marks.fingerprint]: serviceFingerprint(home, service),
    },
    cwd,
    logFile: serviceLog(home.folder, service.name),
    input: inputOf(service, secrets),
  });
}

/** End services. */
export async function stopServices(
  running: readonly ProcessIdentity[],
  signal?: AbortSignal,
): Promise<void> {
  await Promise.all(running.map((service) => stopProcess(service, { graceMs, signal })));
}

/**
 * Write the files of a service that runs anew where their Secrets have changed, and tell it.
 *
 * @returns paths of those that were written
 */
export async function refreshFiles(
  running: ProcessIdentity,
  service: Service,
  files: ServiceSecrets["files"],
): Promise<string[]> {
  const written: string[] = [];
  for (const [path, bytes] of Object.entries(files)) {
    // The kernel shows the file systems of a process, with what is mounted for it alone. Source: proc(5), root.
    const there = `/proc/${running.pid}/root${path}`;
    const old = await Deno.readFile(there).catch(() => new Uint8Array());
    if (old.length === bytes.length && old.every((byte, index) => byte === bytes[index])) continue;
    await Deno.writeFile(there, bytes, { mode: 0o600 });
    written.push(path);
  }
  if (written.length > 0 && service.reload !== undefined) Deno.kill(running.pid, service.reload);
  return written;
}

/** An error that tells how a service ended, with the end of its log. */
export async function serviceEnded(
  folder: string,
  name: string,
  how: string,
): Promise<SlipwayError> {
  const logFile = serviceLog(folder, name);
  const lines = await lastLines(logFile, 5);
  const mayNot = lines.at(-1)?.startsWith("unshare: ") ?? false;
  return new SlipwayError(
    `${name} ended with ${how} while it started; its log ends with:\n${
      lines.map((line) => `    ${line.slice(0, 400)}`).join("\n")
    }`,
    {
      remedy: mayNot
        ? "allow user namespaces (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), or run as root"
        : `read ${logFile}`,
    },
  );
}

/** Where a pod finds the API server. Source: Kubernetes, "Accessing the Kubernetes API from a Pod". */
function inCluster({ server }: ServiceHome): Record<string, string> {
  if (server === undefined) return {};
  const { hostname, port } = new URL(server);
  return { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
}

function inputOf(service: Service, { env, files }: ServiceSecrets): string {
  const encoder = new TextEncoder();
  const plain = Object.entries(service.files ?? {})
    .map(([path, text]): [string, Uint8Array] => [path, encoder.encode(text)]);
  return [
    ...Object.entries(env).map(([name, text]) => `env ${name} ${encoder.encode(text).toBase64()}`),
    ...[...plain, ...Object.entries(files)]
      .map(([path, bytes]) => `file ${path} ${bytes.toBase64()}`),
    "end",
    "",
  ].join("\n");
}
