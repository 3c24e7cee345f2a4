import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "../../lib/core/object.ts";
import { find } from "../manifests/find.ts";

/** Values of Secrets by their names, and by their keys in them. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A process that is to have what a job's pod would have. */
export interface JobProcess {
  /** Program and arguments. */
  argv: readonly string[];
  /** All of its environment but what the image has. */
  env: Readonly<Record<string, string>>;
}

/** How a process ended, and all that it said. */
export interface JobOutcome {
  /** Exit code. */
  code: number;
  /** Standard output and standard error. */
  output: string;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Arguments and environment of a CronJob's container, as they are rendered. Files of Secrets are written below `folder`,
 * since nobody may mount them where they belong, and variables lead there. A Secret or a key that is not given fails, as
 * it would keep the pod from starting.
 */
export async function renderedJob(
  manifests: readonly Manifest[],
  name: string,
  { secrets, folder }: { secrets: Secrets; folder: string },
): Promise<JobProcess> {
  // deno-lint-ignore no-explicit-any
  const { containers, volumes = [] } = (find(manifests, "CronJob", name) as any)
    .spec.jobTemplate.spec.template.spec;
  const [{ command, env = [], envFrom = [], volumeMounts = [] }] = containers;
  const secretOf = (secret: string) => {
    const found = secrets[secret];
    if (found === undefined) throw new Error(`${name} wants the Secret ${secret}`);
    return found;
  };
  const places = new Map<string, string>();
  for (const { name: volume, mountPath } of volumeMounts) {
    const place = join(folder, name.replaceAll("/", "-"), mountPath);
    await Deno.mkdir(place, { recursive: true });
    places.set(mountPath, place);
    const { secret } = volumes.find((each: { name: string }) => each.name === volume);
    if (secret === undefined) continue;
    const values = secretOf(secret.secretName);
    const items: { key: string; path: string }[] = secret.items ??
      Object.keys(values).map((key) => ({ key, path: key }));
    for (const { key, path } of items) {
      const text = values[key];
      if (text === undefined) throw new Error(`${name} wants the key ${key} of ${volume}`);
      await Deno.writeTextFile(join(place, path), text, { mode: 0o600 });
    }
  }
  const here = (text: string) => {
    const mount = [...places.keys()].find((path) => text === path || text.startsWith(`${path}/`));
    return mount === undefined ? text : places.get(mount) + text.slice(mount.length);
  };
  const variables: Record<string, string> = {};
  for (const { secretRef } of envFrom) Object.assign(variables, secretOf(secretRef.name));
  for (const { name: variable, value, valueFrom } of env) {
    const key = valueFrom?.secretKeyRef;
    const found = key === undefined ? here(value) : secretOf(key.name)[key.key];
    if (found === undefined) throw new Error(`${name} wants the key ${key.key} of ${key.name}`);
    variables[variable] = found;
  }
  return { argv: command, env: variables };
}

/**
 * Run a process in which names have these addresses, with the programs that the image has, and in the folder of this
 * repository.
 *
 * @param image variables that the image sets
 */
export async function runJob(
  { argv, env }: JobProcess,
  { hosts, image }: { hosts: string; image: Readonly<Record<string, string>> },
): Promise<JobOutcome> {
  const asRoot = Deno.uid() === 0 ? [] : ["--user", "--map-root-user"];
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: [
      ...[...asRoot, "--mount", "sh", "-c"],
      ...['mount --bind "$0" /etc/hosts && exec "$@"', hosts, ...argv],
    ],
    clearEnv: true,
    cwd: root,
    env: {
      PATH: `${dirname(Deno.execPath())}:/usr/sbin:/usr/bin:/sbin:/bin`,
      DENO_DIR: await denoDir(),
      NO_COLOR: "1",
      ...image,
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  return { code, output: text.decode(stdout) + text.decode(stderr) };
}

/** Where Deno has what it has loaded before. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    stdin: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
