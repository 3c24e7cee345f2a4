import { deno } from "../deno_command.ts";
import { projectFile, projectPaths } from "../project.ts";
import { forbiddenDirectives } from "./directives.ts";
import { longFiles } from "./lengths.ts";
import { type DenoConfig, taskProblems } from "./tasks.ts";

/** One part of the static gate. */
export interface CheckStep {
  /** What is checked. */
  name: string;
  /** Does it, and returns what is wrong: one text for each finding, or a tool's whole output. */
  run: (signal: AbortSignal) => Promise<string[]>;
}

const sourceFolders = ["lib", "lint", "manifests", "tasks"];

/** All parts of the static gate, the quick ones first. */
export const checkSteps: readonly CheckStep[] = [
  { name: "Format", run: tool("fmt", "--check") },
  { name: "Lint and layers", run: tool("lint") },
  {
    name: "Lint directives",
    run: async () => (await read([...sourceFolders, "tests"])).flatMap(forbiddenDirectives),
  },
  { name: "File lengths", run: async () => (await read(sourceFolders)).flatMap(longFiles) },
  { name: "Tasks and permission sets", run: checkTasks },
  { name: "JSON Schema of platform files", run: tool("task", "schema", "--check") },
  { name: "Types", run: tool("check", "--quiet") },
  {
    name: "Documentation of exports",
    run: async (signal) => {
      const paths = await projectPaths(["lib", "manifests/components"], ".ts");
      return await tool("doc", "--lint", ...paths)(signal);
    },
  },
];

/** A step that runs a `deno` subcommand and passes on what it prints when it fails. */
function tool(...args: string[]): CheckStep["run"] {
  return async (signal) => {
    const { code, output } = await deno(args, signal);
    return code === 0 ? [] : [output === "" ? `deno ${args[0]} exits with ${code}` : output];
  };
}

async function checkTasks(): Promise<string[]> {
  const config = JSON.parse(await Deno.readTextFile(projectFile("deno.json"))) as DenoConfig;
  return taskProblems(config, await projectPaths(["tasks"], ".ts"));
}

async function read(folders: readonly string[]): Promise<{ path: string; text: string }[]> {
  const paths = await projectPaths(folders, ".ts");
  return await Promise.all(
    paths.map(async (path) => ({ path, text: await Deno.readTextFile(projectFile(path)) })),
  );
}
