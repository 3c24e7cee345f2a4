import { SlipwayError } from "../../lib/core/errors.ts";
import { localFolders } from "../../lib/local/paths.ts";

/** A program that a Debian package carries. */
export interface DebianProgram {
  /** Name of the program, such as `promtool`. */
  name: string;
  /** Package that has it, such as `prometheus`. */
  package: string;
  /** Packages with shared libraries that it loads besides those of every system. */
  libraries?: readonly string[];
  /** Folder that it is in, where Debian puts it beside PATH, such as `usr/lib/postgresql/15/bin`. */
  folder?: string;
  /** Whether what PATH has will not do, since it may be of another version. @default false */
  isVersioned?: boolean;
}

/** A program that can be started. */
export interface FoundProgram {
  /** Its file. */
  path: string;
  /** Environment variables that it needs. */
  env: Record<string, string>;
}

/** How a program ended, and what it said. */
export interface ProgramOutcome {
  /** Exit code. */
  code: number;
  /** Standard output. */
  stdout: string;
  /** Standard error. */
  stderr: string;
}

/** Prometheus' tool for rules and queries. */
export const promtool: DebianProgram = { name: "promtool", package: "prometheus" };

/** Alertmanager's tool for configurations. */
export const amtool: DebianProgram = { name: "amtool", package: "prometheus-alertmanager" };

/** The load balancer HAProxy. */
export const haproxy: DebianProgram = {
  name: "haproxy",
  package: "haproxy",
  libraries: ["liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1"],
};

/** The maker of Postgres' data folders, beside its server. Source: Debian, postgresql-common's layout of versions. */
export const initdb: DebianProgram = {
  name: "initdb",
  package: "postgresql-15",
  libraries: ["libpq5", "libldap-2.5-0", "libxml2", "libsasl2-2", "libgssapi-krb5-2", "libicu72"],
  folder: "usr/lib/postgresql/15/bin",
  isVersioned: true,
};

/** Folders of a system and of an unpacked package that hold programs. */
const programFolders = ["usr/bin", "usr/sbin"];

const searches = new Map<DebianProgram, Promise<FoundProgram>>();

/**
 * Find a program on PATH, or else in the cache, where its Debian package is unpacked at the first
 * time; nothing is installed, and no rights are needed. A test file looks once, since asking Debian's lists takes
 * longer than most of the programs run.
 *
 * @throws {SlipwayError} when the package cannot be had
 */
export function findDebianProgram(program: DebianProgram): Promise<FoundProgram> {
  const search = searches.get(program) ?? searchFor(program);
  searches.set(program, search);
  return search;
}

async function searchFor(program: DebianProgram): Promise<FoundProgram> {
  const installed = await firstFile(
    [
      ...(program.isVersioned ? "" : Deno.env.get("PATH") ?? "").split(":")
        .filter((folder) => folder.startsWith("/")),
      ...(program.folder === undefined ? [] : [`/${program.folder}`]),
    ],
    program.name,
  );
  if (installed !== undefined) return { path: installed, env: {} };

  const packages = [program.package, ...program.libraries ?? []];
  const folders = await Promise.all(packages.map(unpacked));
  const path = await firstFile(
    [...programFolders, ...(program.folder === undefined ? [] : [program.folder])]
      .map((folder) => `${folders[0]}/${folder}`),
    program.name,
  );
  if (path === undefined) {
    throw new SlipwayError(`Cannot find ${program.name}: it is not in package ${program.package}`);
  }
  const libraryPath = (await Promise.all(folders.map(libraryFolders))).flat().join(":");
  return { path, env: libraryPath === "" ? {} : { LD_LIBRARY_PATH: libraryPath } };
}

/** Run a program with arguments, in a folder, and wait for its end. */
export async function runDebianProgram(
  program: DebianProgram,
  args: readonly string[],
  cwd: string,
): Promise<ProgramOutcome> {
  const { path, env } = await findDebianProgram(program);
  return await run(path, args, { cwd, env });
}

/** Folder that a package is unpacked in; of its newest version that Debian's lists have. */
async function unpacked(name: string): Promise<string> {
  const { cacheDir } = localFolders((variable) => Deno.env.get(variable));
  const { version, options } = await candidate(name);
  const parent = `${cacheDir}/deb/${name}`;
  // Epochs have a colon, which LD_LIBRARY_PATH would take for an end.
  const target = `${parent}/${version.replace(":", "%")}`;
  if (await exists(target)) return target;
  await Deno.mkdir(parent, { recursive: true });
  const workplace = await Deno.makeTempDir({ dir: parent, prefix: "making-" });
  try {
    await must(["apt-get", ...options, "download", `${name}=${version}`], workplace);
    const [archive] = (await Array.fromAsync(Deno.readDir(workplace)))
      .filter((entry) => entry.name.endsWith(".deb"));
    await must(["dpkg", "-x", archive!.name, "tree"], workplace);
    // In one step, so that a test beside this one finds a whole package or none.
    await Deno.rename(`${workplace}/tree`, target).catch(async (error) => {
      if (!await exists(target)) throw error;
    });
    return target;
  } finally {
    await Deno.remove(workplace, { recursive: true });
  }
}

/** Version of a package in Debian's lists, and the options by which apt-get finds it. */
interface Candidate {
  version: string;
  options: readonly string[];
}

/** A fresh machine has no lists; then our own are fetched into the cache, which needs no rights. */
async function candidate(name: string): Promise<Candidate> {
  const { cacheDir } = localFolders((variable) => Deno.env.get(variable));
  const own = await ownLists(`${cacheDir}/deb/apt`);
  const known = await candidateIn(name, []) ?? await candidateIn(name, own);
  if (known !== undefined) return known;
  await must(["apt-get", ...own, "update"], "/");
  const found = await candidateIn(name, own);
  if (found !== undefined) return found;
  throw new SlipwayError(`Cannot get package ${name}: Debian's lists do not have it`, {
    remedy: `install ${name} some other way, so that PATH has it`,
  });
}

async function candidateIn(
  name: string,
  options: readonly string[],
): Promise<Candidate | undefined> {
  const printed = await must(["apt-cache", ...options, "policy", name], "/");
  const version = /^ {2}Candidate: (\S+)$/m.exec(printed)?.[1];
  return version === undefined || version === "(none)" ? undefined : { version, options };
}

/** Source: apt.conf(5), "Directories". */
async function ownLists(folder: string): Promise<string[]> {
  const [lists, cache] = [`${folder}/lists`, `${folder}/cache`];
  for (const made of [`${lists}/partial`, `${cache}/archives/partial`]) {
    await Deno.mkdir(made, { recursive: true });
  }
  return [`Dir::State::lists=${lists}`, `Dir::Cache=${cache}`].flatMap((option) => ["-o", option]);
}

/** Source: Debian Policy 9.1.1, multiarch library folders. */
async function libraryFolders(tree: string): Promise<string[]> {
  if (!await exists(`${tree}/usr/lib`)) return [];
  return (await Array.fromAsync(Deno.readDir(`${tree}/usr/lib`)))
    .filter(({ name, isDirectory }) => isDirectory && name.endsWith("-linux-gnu"))
    .map(({ name }) => `${tree}/usr/lib/${name}`);
}

async function must(command: readonly string[], cwd: string): Promise<string> {
  const [program, ...args] = command;
  const { code, stdout, stderr } = await run(program!, args, { cwd, env: {} });
  if (code === 0) return stdout;
  throw new SlipwayError(`Cannot run ${command.join(" ")}: it ended with ${code}: ${stderr}`, {
    remedy: "this needs a Debian system; elsewhere, put the program on PATH",
  });
}

async function run(
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<ProgramOutcome> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    // Messages are compared, so they must not follow the language of whoever runs the tests.
    env: { LC_ALL: "C.UTF-8", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function firstFile(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    if (await exists(`${folder}/${name}`)) return `${folder}/${name}`;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
