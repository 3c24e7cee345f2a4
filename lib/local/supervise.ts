import { createHash } from "node:crypto";
import { SlipwayError } from "../core/errors.ts";
import { type Component, type ComponentName, componentNames } from "./components.ts";
import { readIfThere } from "./files.ts";
import { findMarked, type MarkedProcess } from "./marked_processes.ts";
import { marks } from "./marks.ts";
import { lastLines, type StartedProcess, startProcess, stopProcess } from "./process.ts";
import { isAlive } from "./process_table.ts";

/** How long a process may take to end in order, in milliseconds. */
const graceMs = 5_000;

/** A process of a cluster. */
export interface RunningComponent extends MarkedProcess {
  /** Which one it is. */
  name: ComponentName;
}

/** The processes that were started for the cluster in a folder, by this run or by any before, in the order in which they start. */
export async function findComponents(folder: string): Promise<RunningComponent[]> {
  const found = await findMarked(folder, "component");
  return componentNames.flatMap((name) =>
    found.filter((process) => process.name === name).map((process) => ({ ...process, name }))
  );
}

/** What a component is started with, as a short text that changes when any of it changes. */
export async function fingerprintOf(component: Component): Promise<string> {
  const hash = createHash("sha256");
  // The environment is left out: `up` from a cron job must not restart what a shell started.
  hash.update(JSON.stringify([component.command, component.cwd]));
  for (const path of component.reads) hash.update(`\0${path}\0${await readIfThere(path)}`);
  return hash.digest("hex").slice(0, 16);
}

/** Starts what does not run of a cluster, and watches all of it while the cluster comes up. */
export interface Supervisor {
  /**
   * Make a component run as planned: one that does so already is left alone, one that does not is replaced.
   *
   * @returns where in the log the words of a process begin that was started now
   */
  ensure(component: Component): Promise<{ logOffset: number } | undefined>;
  /** Aborted, with the error that tells of it, when a component has ended by itself. */
  failed: AbortSignal;
  /** Stop watching. */
  close(): void;
}

/** Make a {@linkcode Supervisor} of the cluster in a folder, where these processes were found. */
export function createSupervisor(
  cluster: { id: string; folder: string; found: readonly RunningComponent[] },
): Supervisor {
  const failure = new AbortController();
  const adopted: { component: Component; process: RunningComponent }[] = [];
  const started: StartedProcess[] = [];
  let closed = false;
  const fail = async (component: Component, how: string) => {
    if (!closed) failure.abort(await componentEnded(component, how));
  };
  // Nobody but its parent is told when a process ends, and that of an adopted one is gone.
  const timer = setInterval(async () => {
    for (const { component, process } of adopted) {
      if (!await isAlive(process)) await fail(component, "an unknown state");
    }
  }, 250);
  return {
    async ensure(component) {
      const fingerprint = await fingerprintOf(component);
      const running = cluster.found.filter((process) => process.name === component.name);
      const [only] = running;
      // Of two processes of one component, which a crash can leave behind, neither can be trusted.
      if (
        only !== undefined && running.length === 1 && only.clusterId === cluster.id &&
        only.fingerprint === fingerprint
      ) {
        adopted.push({ component, process: only });
        return undefined;
      }
      await stopComponents(running);
      const process = await startProcess({
        ...component,
        env: {
          ...component.env,
          [marks.folder]: cluster.folder,
          [marks.id]: cluster.id,
          [marks.component]: component.name,
          [marks.fingerprint]: fingerprint,
        },
      });
      started.push(process);
      process.ended.then((how) => fail(component, how));
      return { logOffset: process.logOffset };
    },
    failed: failure.signal,
    close() {
      closed = true;
      clearInterval(timer);
      for (const process of started) process.letGo();
    },
  };
}

/** End processes of a cluster: the clients of the API server first, then it, then etcd. */
export async function stopComponents(
  running: readonly RunningComponent[],
  signal?: AbortSignal,
): Promise<void> {
  for (const names of [componentNames.slice(2), ["kube-apiserver"], ["etcd"]]) {
    const group = running.filter((process) => (names as readonly string[]).includes(process.name));
    await Promise.all(group.map((process) => stopProcess(process, { graceMs, signal })));
  }
}

async function componentEnded(component: Component, how: string): Promise<SlipwayError> {
  const lines = await lastLines(component.logFile, 5);
  return new SlipwayError(
    `${component.name} ended with ${how} while the cluster started; its log ends with:\n${
      lines.map((line) => `    ${shorten(line)}`).join("\n")
    }`,
    {
      remedy: `read ${component.logFile}` +
        (component.name === "etcd"
          ? "; where its data is damaged, as after a power cut, `deno task cluster reset` begins anew"
          : ""),
    },
  );
}

function shorten(line: string): string {
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
