import { messageOf } from "../core/errors.ts";
import { mergeExposition, type Sample } from "./exposition.ts";
import { NotTold } from "./send.ts";

/**
 * Write samples into a text file for node_exporter's textfile collector, beside those of other runs, wholly or not at
 * all. Runs that write at once take turns by a lock beside it.
 *
 * @throws {NotTold} when the file cannot be written
 */
export async function writeMetricsFile(path: string, samples: readonly Sample[]): Promise<void> {
  const temporary = `${path}.new`;
  try {
    using lock = await Deno.open(`${path}.lock`, { write: true, create: true });
    await lock.lock(true);
    const text = mergeExposition(await textOf(path), samples);
    await Deno.writeTextFile(temporary, text);
    // node_exporter runs as another user, and the mode of a new file is what the umask leaves of it.
    await Deno.chmod(temporary, 0o644);
    await Deno.rename(temporary, path);
  } catch (error) {
    throw new NotTold(`Cannot write metrics to ${path}: ${messageOf(error)}`, {
      remedy: "let the user that runs this write in that folder, or correct SLIPWAY_METRICS_FILE",
      retryable: false,
    });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
