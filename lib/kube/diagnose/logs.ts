import type { ClusterClient, LogOptions } from "../../core/cluster.ts";
import type { Cause, LogSource } from "./cause.ts";
import { oneLine } from "../ready/fields.ts";

const tailLines = 20;
const longestQuote = 200;

/**
 * The causes with the last line that each crashed container wrote, from its current run or else its previous one.
 * Where there is no log to be had, as on simulated nodes, the termination message stays.
 */
export async function quoteLogs(
  client: ClusterClient,
  causes: readonly Cause[],
  options: Pick<LogOptions, "signal" | "timeoutMs"> = {},
): Promise<Cause[]> {
  return await Promise.all(causes.map(async (cause) => {
    if (cause.log === undefined) return cause;
    const line = await lastLine(client, cause.log, options);
    if (line === undefined) return cause;
    const alike = / \(and \d+ more alike\)$/.exec(cause.because)?.[0] ?? "";
    return { ...cause, because: `${cause.log.before}: "${line}"${alike}` };
  }));
}

async function lastLine(
  client: ClusterClient,
  { namespace, pod, container }: LogSource,
  options: Pick<LogOptions, "signal" | "timeoutMs">,
): Promise<string | undefined> {
  for (const previous of [false, true]) {
    try {
      const text = await client.logs(
        { namespace, name: pod },
        { ...options, container, tailLines, previous },
      );
      const line = text.split("\n").map((candidate) => oneLine(candidate, longestQuote))
        .findLast((candidate) => candidate !== "");
      if (line !== undefined) return line;
    } catch (error) {
      // A log is a courtesy: without one the cause still stands.
      if (options.signal?.aborted) throw error;
    }
  }
  return undefined;
}
