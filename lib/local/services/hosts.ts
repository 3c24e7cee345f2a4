import { readIfThere } from "../files.ts";
import type { Hosts, Service } from "./service.ts";

/** Path of the file that the services of a cluster see as /etc/hosts. */
export function hostsPath(folder: string): string {
  return `${folder}/hosts`;
}

/** The text of a hosts file: the machine's own, and the names that services have. Source: hosts(5). */
export function hostsText(own: string, services: readonly Pick<Service, "hosts">[]): string {
  const all: Record<string, Set<string>> = {};
  for (const hosts of services.map(({ hosts }): Hosts => hosts ?? {})) {
    for (const [name, addresses] of Object.entries(hosts)) {
      all[name] = new Set([...all[name] ?? [], ...addresses]);
    }
  }
  const lines = Object.entries(all).toSorted(([a], [b]) => a < b ? -1 : 1)
    .flatMap(([name, addresses]) => [...addresses].map((address) => `${address} ${name}`));
  return `${[own.trimEnd(), ...lines].join("\n")}\n`;
}

/** Write the hosts file of a cluster; services that run see it at once, since it is written in place. */
export async function writeHosts(folder: string, services: readonly Service[]): Promise<void> {
  const path = hostsPath(folder);
  const text = hostsText(await readIfThere("/etc/hosts") ?? "127.0.0.1 localhost", services);
  if (await readIfThere(path) !== text) await Deno.writeTextFile(path, text, { mode: 0o600 });
}
