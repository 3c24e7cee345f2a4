import type { Redactor } from "../../core/redact.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";

/** Which command a {@linkcode PluginRunner} runs. */
export interface PluginCommand {
  /** Command name or path. */
  command: string;
  /** Arguments. */
  args: readonly string[];
  /** Environment variables set in addition to this process's own. */
  env: Readonly<Record<string, string>>;
  /** What to tell someone who lacks the command. */
  installHint?: string;
  /** Who names the command, for messages. */
  source: string;
}

/** How a plugin is run this time. */
export interface PluginRun {
  /** Environment variables set beside the plugin's own. */
  env: Readonly<Record<string, string>>;
  /** Whether it inherits standard input. */
  terminal: boolean;
  /** Hides secrets in what the plugin complains of. */
  redactor: Redactor;
  /** Ends the plugin. */
  signal: AbortSignal;
}

/**
 * Runs an exec plugin and resolves to its standard output.
 *
 * @throws {SlipwayError} when the command is missing or fails
 */
export type PluginRunner = (plugin: PluginCommand, run: PluginRun) => Promise<string>;

/** Longest part of a plugin's standard error that a message shows, in characters. */
const excerptLength = 400;

/** Run an exec plugin as a child process, without a shell. */
export async function runPlugin(plugin: PluginCommand, run: PluginRun): Promise<string> {
  const { code, stdout, stderr } = await spawn(plugin, run);
  if (code !== 0) {
    const said = run.redactor.redact(new TextDecoder().decode(stderr).trim()).slice(-excerptLength);
    throw new SlipwayError(
      `Cannot get credentials: the exec plugin ${plugin.command} of ${plugin.source} exited with ${code}${
        said === "" ? " and said nothing" : `: ${said}`
      }`,
      { remedy: `log in again with ${plugin.command}, or run it by hand to see what it lacks` },
    );
  }
  return new TextDecoder().decode(stdout);
}

async function spawn(
  plugin: PluginCommand,
  { env, terminal, signal }: PluginRun,
): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command(plugin.command, {
      args: [...plugin.args],
      env: { ...plugin.env, ...env },
      stdin: terminal ? "inherit" : "null",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).output();
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound;
    throw new SlipwayError(
      `Cannot run the exec plugin ${plugin.command} of ${plugin.source}: ${
        missing ? "there is no such command" : messageOf(error)
      }`,
      {
        remedy: plugin.installHint?.trim() ||
          (missing
            ? `install ${plugin.command}, or put its folder into PATH`
            : `check that ${plugin.command} may be run by this user and this task`),
        cause: error,
      },
    );
  }
}
