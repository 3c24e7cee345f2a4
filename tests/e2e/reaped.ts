import { clusterFolder } from "../../lib/local/paths.ts";
import { processFacts } from "../../lib/local/process_table.ts";
import { findServices } from "../../lib/local/services/running.ts";
import { findComponents } from "../../lib/local/supervise.ts";

const everyMs = 20;
const atMostMs = 10_000;

/**
 * Remember the processes of a cluster. The returned function waits until this process, which started them, has seen
 * each of them end: one that ended but was not seen to yet counts as a leak of the test.
 */
export async function untilReaped(
  stateHome: string,
  cluster: string,
): Promise<() => Promise<void>> {
  const folder = clusterFolder(`${stateHome}/slipway`, cluster);
  const found = [...await findComponents(folder), ...await findServices(folder)];
  return async () => {
    const deadline = performance.now() + atMostMs;
    for (const { pid, startTicks } of found) {
      while ((await processFacts(pid))?.startTicks === startTicks) {
        if (performance.now() > deadline) throw new Error(`process ${pid} is still there`);
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    }
  };
}
