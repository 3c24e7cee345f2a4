import { messageOf, SlipwayError } from "../../core/errors.ts";
import { diskFull } from "../files.ts";
import type { Program } from "./program.ts";

/** What a build needs. */
export interface BuildOptions {
  /** Folder that holds the folders of the go.mod files. */
  modulesDir: string;
  /** Folder that is this run's own; the program and Go's temporary files stay in it. */
  folder: string;
  /** Ends the build. */
  signal: AbortSignal;
  /** The value of an environment variable; Go's own settings are respected. */
  env: (name: string) => string | undefined;
  /** Told how many packages were compiled and modules downloaded so far. */
  progress: (done: { packages: number; modules: number }) => void;
}

/** Go cannot be used here. */
export class GoUnusable extends SlipwayError {}

/** How many lines of a failed build are shown. */
const shownLines = 15;

/**
 * Build a program from the modules that its go.mod and go.sum pin.
 *
 * @returns path of the program
 * @throws {GoUnusable} when there is no Go, or one that is too old
 * @throws {SlipwayError} with the last lines of Go's output when the build fails
 */
export async function goBuild(program: Program, options: BuildOptions): Promise<string> {
  const moduleDir = `${options.modulesDir}/${program.module}`;
  await checkGo(moduleDir, options);
  const output = `${options.folder}/${program.name}`;
  const flags = ["-s", "-w", ...program.linkerVariables.map((variable) => `-X ${variable}`)];
  const build = ["build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false"];
  const { code, lines } = await go(
    [...build, "-ldflags", flags.join(" "), "-o", output, program.package],
    { cwd: moduleDir, env: { CGO_ENABLED: "0", GOTMPDIR: options.folder } },
    options,
  );
  if (code === 0) return output;
  const problems = lines.filter((line) => !isPackage(line) && !isDownload(line)).slice(-shownLines);
  const text = problems.map((line) => `    ${line}`).join("\n");
  const full = diskFull(new Error(text), options.folder);
  throw full ?? new SlipwayError(
    `Cannot build ${program.name} ${program.version} from ${program.package}: go build ended with exit code ${code}:\n${text}`,
    { remedy: `try it by hand: cd ${moduleDir} && go build -o /dev/null ${program.package}` },
  );
}

/**
 * Download the modules that a build of a program will need, into Go's own cache. Whatever fails is left to the build,
 * which fails with it too and says why.
 */
export async function goDownload(
  program: Program,
  options: Pick<BuildOptions, "modulesDir" | "signal" | "env">,
): Promise<void> {
  const list = ["list", "-mod=readonly", "-deps", "-f", "{{/* no output */}}", program.package];
  const where = { cwd: `${options.modulesDir}/${program.module}`, env: { CGO_ENABLED: "0" } };
  await go(list, where, { ...options, progress: () => {} }).catch(() => {});
}

/** The numbers of a version such as `go1.26.8`, or undefined. */
export function parseGoVersion(text: string): readonly [number, number] | undefined {
  const match = /(?:go)?(\d+)\.(\d+)/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** Whether a version of Go can build what wants at least another. */
export function isNewEnough(found: string, wanted: string): boolean {
  const [have, need] = [parseGoVersion(found), parseGoVersion(wanted)];
  if (have === undefined || need === undefined) return true;
  return have[0] > need[0] || (have[0] === need[0] && have[1] >= need[1]);
}

async function checkGo(moduleDir: string, options: BuildOptions): Promise<void> {
  const wanted = /^go (\S+)$/m.exec(await Deno.readTextFile(`${moduleDir}/go.mod`))?.[1] ?? "";
  // Outside of a module, so that Go tells its own version and not that of a toolchain it would fetch.
  const { code, output } = await go(
    ["env", "GOVERSION", "GOTOOLCHAIN"],
    { cwd: options.folder, env: {} },
    options,
  );
  const [found = "", toolchain = ""] = output.split("\n");
  if (code !== 0) throw new GoUnusable(`Cannot use Go: go env ended with exit code ${code}`);
  const fetchesAnother = toolchain === "auto" || toolchain.endsWith("+auto");
  if (!isNewEnough(found, wanted) && !fetchesAnother) {
    throw new GoUnusable(
      `Cannot build with ${found}: go ${wanted} or later is wanted, and GOTOOLCHAIN=${toolchain} keeps Go from fetching it`,
      { remedy: `install Go ${wanted}, or set GOTOOLCHAIN=auto` },
    );
  }
}

/** Run Go; its environment is the user's, so that GOFLAGS, GOPROXY, caches and proxies hold. */
async function go(
  args: readonly string[],
  where: { cwd: string; env: Record<string, string> },
  { signal, progress, env }: Pick<BuildOptions, "signal" | "progress" | "env">,
): Promise<{ code: number; output: string; lines: string[] }> {
  signal.throwIfAborted();
  const PATH = env("PATH") ?? "";
  const child = startGo(args, { ...where, env: { ...where.env, PATH } });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const lines: string[] = [];
    const done = { packages: 0, modules: 0 };
    const errors = (async () => {
      for await (const line of linesOf(child.stderr)) {
        lines.push(line);
        if (isPackage(line)) done.packages++;
        if (isDownload(line)) done.modules++;
        progress({ ...done });
      }
    })();
    const [output, status] = await Promise.all([
      new Response(child.stdout).text(),
      child.status,
      errors,
    ]);
    signal.throwIfAborted();
    return { code: status.code, output, lines };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function startGo(
  args: readonly string[],
  where: { cwd: string; env: Record<string, string> },
): Deno.ChildProcess {
  try {
    return new Deno.Command("go", {
      args: [...args],
      ...where,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    const message = error instanceof Deno.errors.NotFound
      ? "Go is not installed"
      : `Cannot start Go: ${messageOf(error)}`;
    throw new GoUnusable(message, { remedy: "install Go from https://go.dev/dl", cause: error });
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncIterable<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function isPackage(line: string): boolean {
  return /^[\w.~/-]+$/.test(line);
}

function isDownload(line: string): boolean {
  return line.startsWith("go: downloading ");
}
