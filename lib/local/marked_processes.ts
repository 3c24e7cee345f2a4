import { marks } from "./marks.ts";
import { findByEnvironment, type ProcessIdentity } from "./process_table.ts";

/** A process that was started for a cluster. */
export interface MarkedProcess extends ProcessIdentity {
  /** Name of the component or service. */
  name: string;
  /** Id of the cluster that it was started for. */
  clusterId: string;
  /** What it was started with. */
  fingerprint: string;
}

/** The processes that were started for the cluster in a folder, by this run or by any before. */
export async function findMarked(
  folder: string,
  kind: "component" | "service",
): Promise<MarkedProcess[]> {
  const found = await findByEnvironment(marks.folder, folder);
  return found.flatMap(({ pid, startTicks, bootId, sessionId, environment }) => {
    const name = environment.get(marks[kind]);
    // A child inherits the environment, but does not lead a session of its own.
    if (name === undefined || sessionId !== pid) return [];
    return [{
      name,
      pid,
      startTicks,
      bootId,
      clusterId: environment.get(marks.id) ?? "",
      fingerprint: environment.get(marks.fingerprint) ?? "",
    }];
  });
}
