import { resolve } from "node:path";
import { messageOf, UsageError } from "../../core/errors.ts";

/** Where a host keeps secrets of its jobs: a file for each, named as its variable; those of one job in a folder of its name. */
export const credentialsFolder = "/etc/slipway/credentials";

/** Variables that hold a path themselves, besides those whose names end in FILE. */
const pathVariables = [
  "AWS_CA_BUNDLE",
  "KUBECONFIG",
  "PGSSLCERT",
  "PGSSLKEY",
  "PGSSLROOTCERT",
  "VAULT_CACERT",
];

/**
 * The secrets that a host keeps for a job, by the names of their files: those of all jobs, and its own, which count more.
 *
 * @throws {UsageError} when somebody besides their owner can read one of them
 */
export async function hostCredentials(
  folder: string,
  job: string,
): Promise<Record<string, string>> {
  return { ...await filesIn(folder), ...await filesIn(`${folder}/${job}`) };
}

/** The variable that leads a task to a secret: `PGPASSFILE` is one itself, and `AWS_ACCESS_KEY_ID` has `…_FILE`. */
export function credentialVariable(name: string): string {
  return name.endsWith("FILE") || pathVariables.includes(name) ? name : `${name}_FILE`;
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of await namesIn(folder)) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) continue;
    const path = resolve(folder, name);
    const { isFile, mode } = await Deno.stat(path);
    if (!isFile) continue;
    if (((mode ?? 0) & 0o077) !== 0) {
      throw new UsageError(
        `Refused to use ${path}: its mode is ${
          ((mode ?? 0) & 0o777).toString(8)
        }, and others than its owner can read it`,
        { remedy: `chmod 600 ${path}, and give what was in it a new value` },
      );
    }
    found[name] = path;
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new UsageError(`Cannot look for secrets in ${folder}: ${messageOf(error)}`, {
      remedy: "run it as root, or name another folder with --credentials",
      cause: error,
    });
  }
}
