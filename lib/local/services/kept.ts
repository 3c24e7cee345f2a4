import { SlipwayError } from "../../core/errors.ts";
import { makePrivateFolder, readIfThere, removeAll, writePrivateIfChanged } from "../files.ts";
import type { Service } from "./service.ts";

/** Folder of what is kept of services; one file for each. */
function folderOf(folder: string): string {
  return `${folder}/services`;
}

/** Remember a service, so that it is started again with its cluster. */
export async function keepService(folder: string, service: Service): Promise<void> {
  await makePrivateFolder(folderOf(folder));
  await writePrivateIfChanged(
    pathOf(folder, service.name),
    JSON.stringify(service, null, 2) + "\n",
  );
}

/** Forget a service; false when it was not known. */
export async function forgetService(folder: string, name: string): Promise<boolean> {
  const known = await readIfThere(pathOf(folder, name)) !== undefined;
  await removeAll(pathOf(folder, name));
  return known;
}

/**
 * The services of the cluster in a folder, by name.
 *
 * @throws {SlipwayError} when a file is damaged
 */
export async function keptServices(folder: string): Promise<Service[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folderOf(folder))) {
      if (name.endsWith(".json")) names.push(name.slice(0, -".json".length));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const services = await Promise.all(names.sort().map((name) => readService(folder, name)));
  return services.filter((service) => service !== undefined);
}

async function readService(folder: string, name: string): Promise<Service | undefined> {
  const path = pathOf(folder, name);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Service;
  } catch (cause) {
    throw new SlipwayError(`Cannot read ${path}: it is no JSON`, {
      remedy: "remove the file, and run again what started the service",
      cause,
    });
  }
}

function pathOf(folder: string, name: string): string {
  return `${folderOf(folder)}/${name}.json`;
}
