import { dirname } from "node:path";
import { SlipwayError } from "../../lib/core/errors.ts";
import { sha256 } from "../../lib/core/checksum.ts";
import { exists } from "../../lib/local/files.ts";
import { localFolders } from "../../lib/local/paths.ts";
import { hostContext } from "../context.ts";
import {
  type DebianProgram,
  findDebianProgram,
  type ProgramOutcome,
} from "../e2e/debian_program.ts";

const nspawn: DebianProgram = { name: "systemd-nspawn", package: "systemd-container" };
const debootstrap: DebianProgram = { name: "debootstrap", package: "debootstrap" };

const release = "bookworm";
const mirror = "http://deb.debian.org/debian";
const packages = [
  "ca-certificates",
  "dbus",
  "libnss-systemd",
  "postgresql-15",
  "systemd",
  "systemd-sysv",
];

/** A machine with a real systemd as its first process, which shares this one's network. */
export interface SystemdHost extends AsyncDisposable {
  /** Run a program there, and wait for its end. */
  run(...argv: string[]): Promise<ProgramOutcome>;
  /** What a program prints there. @throws {SlipwayError} when it fails */
  output(...argv: string[]): Promise<string>;
  /** Wait until a line of the journal matches, from now on or before. */
  logged(pattern: RegExp): Promise<string>;
}

/** What a machine finds of this one. */
export interface HostFolders {
  /** Folders and files that it reads, by the path that they have there. */
  reads: Readonly<Record<string, string>>;
  /** Folders that it keeps when it is shut down, by the path that they have there. */
  keeps: Readonly<Record<string, string>>;
}

/** Start a machine, and wait until it runs. Disposing it shuts it down; what it does not keep is gone then. */
export async function startSystemdHost({ reads, keeps }: HostFolders): Promise<SystemdHost> {
  const tree = await systemTree();
  const { path, env } = await findDebianProgram(nspawn);
  const binds = (flag: string, paths: Readonly<Record<string, string>>) =>
    Object.entries(paths).map(([there, here]) => `--${flag}=${here}:${there}`);
  const child = new Deno.Command(path, {
    args: [
      `--directory=${tree}`,
      // The tree stays as it is: what is written elsewhere goes to memory.
      ...["--volatile=overlay", "--boot", "--register=no", "--keep-unit", "--console=pipe"],
      ...binds("bind-ro", reads),
      ...binds("bind", keeps),
    ],
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const ended = child.status.then(async ({ code }) => {
    throw new SlipwayError(`The machine ended with ${code}: ${await said}`);
  });
  ended.catch(() => {});
  const leader = await Promise.race([firstProcess(child.pid), ended]);
  const inside = (argv: readonly string[]) =>
    command("nsenter", ["-t", String(leader), "-m", "-u", "-i", "-p", "--", ...argv]);
  const run = (...argv: string[]) => inside(argv);
  const output = async (...argv: string[]) => {
    const { code, stdout, stderr } = await run(...argv);
    if (code === 0) return stdout;
    throw new SlipwayError(`${argv.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  };
  const settled = async () => {
    const { stdout } = await run("systemctl", "is-system-running", "--wait");
    return ["running", "degraded"].includes(stdout.trim());
  };
  await Promise.race([until(settled), ended]);
  return {
    run,
    output,
    async logged(pattern) {
      let found: string | undefined;
      await until(async () => {
        const journal = await output("journalctl", "--no-pager", "--output=cat");
        found = journal.split("\n").find((line) => pattern.test(line));
        return found !== undefined;
      });
      return found!;
    },
    async [Symbol.asyncDispose]() {
      // To systemd-nspawn this means an orderly shutdown.
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** The tree of a small Debian with systemd, which is made once and kept beside other things that take long. */
async function systemTree(): Promise<string> {
  const { cacheDir } = localFolders(hostContext().env);
  const parent = `${cacheDir}/hosts`;
  const tree = `${parent}/${release}-${
    (await sha256(new TextEncoder().encode(packages.join(" ")))).slice(0, 12)
  }`;
  if (await exists(tree)) return tree;
  const { path } = await findDebianProgram(debootstrap);
  await Deno.mkdir(parent, { recursive: true });
  const workplace = await Deno.makeTempDir({ dir: parent, prefix: "making-" });
  try {
    const { code, stdout, stderr } = await command("sh", [
      path,
      "--variant=minbase",
      `--include=${packages.join(",")}`,
      release,
      `${workplace}/tree`,
      mirror,
    ], { DEBOOTSTRAP_DIR: `${dirname(dirname(path))}/share/debootstrap` });
    if (code !== 0) {
      throw new SlipwayError(
        `Cannot make a Debian: debootstrap ended with ${code}: ${stdout}${stderr}`,
        {
          remedy: "run it as root, where Debian's mirror can be reached",
        },
      );
    }
    await Deno.rename(`${workplace}/tree`, tree).catch(async (error) => {
      if (!await exists(tree)) throw error;
    });
    return tree;
  } finally {
    await Deno.remove(workplace, { recursive: true });
  }
}

/** The machine's first process; before it there is a child of systemd-nspawn that prepares the machine, and ends. */
async function firstProcess(pid: number): Promise<number> {
  const textOf = (path: string) => Deno.readTextFile(`/proc/${path}`).catch(() => "");
  let found: string | undefined;
  await until(async () => {
    for (const child of (await textOf(`${pid}/task/${pid}/children`)).trim().split(" ")) {
      if ((await textOf(`${child}/comm`)).trim() === "systemd") found = child;
    }
    return found !== undefined;
  });
  return Number(found);
}

/** Longest time that anything may take, in milliseconds; a timer that fires each minute needs up to one. */
const patienceMs = 100_000;

/** Ask again until it is so. A machine that starts, and a journal, tell nobody by themselves. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!await isSo()) {
    if (performance.now() > deadline) {
      throw new SlipwayError(`Waited ${patienceMs / 1_000} s in vain for ${isSo}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function command(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ProgramOutcome> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      LC_ALL: "C.UTF-8",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
