import { projectFolder } from "../../tasks/shared/project.ts";

/** What a command came to. */
export interface Outcome {
  /** Its exit code. */
  code: number;
  /** What it wrote on standard output. */
  stdout: string;
  /** What it wrote on standard error. */
  stderr: string;
}

/** The permission set with which deno.json runs each task. */
export async function permissionSets(): Promise<Map<string, string>> {
  const config = JSON.parse(await Deno.readTextFile(`${projectFolder}deno.json`));
  const tasks = Object.entries(config.tasks as Record<string, { command: string }>);
  return new Map(tasks.map(([name, { command }]) => [name, /-P=(\S+)/.exec(command)![1]!]));
}

/** Start a task as deno.json does, with no terminal and hardly any environment, and wait for its end. */
export async function startTask(name: string, ...args: string[]): Promise<Outcome> {
  const set = (await permissionSets()).get(name);
  return await start(["run", "-q", `-P=${set}`, taskFile(name), ...args]);
}

/** The file of a task; colons and hyphens of its name are underscores there. */
export function taskFile(name: string): string {
  return `tasks/${name.replaceAll(/[-:]/g, "_")}.ts`;
}

/** Start `deno` in the project's folder and wait for its end. */
export async function start(args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: projectFolder,
    env: { NO_COLOR: "1", CI: "true", KUBECONFIG: "/nonexistent/kubeconfig" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
