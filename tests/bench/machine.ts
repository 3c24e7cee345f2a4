import { formatBytes } from "../../lib/core/units.ts";
import { pinnedKubernetes } from "../../lib/local/programs/control_plane.ts";
import { peerPrograms } from "../../lib/local/programs/peers.ts";

/** What the figures were measured on. */
export interface Machine {
  /** Processor as the system names it. */
  processor: string;
  /** Logical cores. */
  cores: number;
  /** Memory, in bytes. */
  memoryBytes: number;
  /** Kernel with its release. */
  system: string;
  /** Versions of what was measured and compared. */
  versions: Record<string, string>;
  /** Processes that wanted a core, on average over the minute before the start; the bench itself is not in it. */
  loadBefore: number;
}

/** Look at this machine. */
export async function lookAtMachine(): Promise<Machine> {
  const peers = peerPrograms.map(({ name, version }) => [name, version]);
  return {
    processor: await processorName(),
    cores: navigator.hardwareConcurrency,
    memoryBytes: Deno.systemMemoryInfo().total,
    system: `${Deno.build.os} ${Deno.osRelease()}`,
    versions: {
      deno: Deno.version.deno,
      kubernetes: pinnedKubernetes,
      ...Object.fromEntries(peers),
    },
    loadBefore: Deno.loadavg()[0]!,
  };
}

/** A machine in one line: `2 cores of …, 24 GiB, linux 6.1, deno 2.9.6, …`. */
export function machineLine({ processor, cores, memoryBytes, system, versions }: Machine): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [`${cores} cores of ${processor}`, formatBytes(memoryBytes), system, ...named].join(", ");
}

/** Whether others use the machine so much that absolute figures say little. */
export function isBusy({ loadBefore, cores }: Machine): boolean {
  return loadBefore > cores / 4;
}

async function processorName(): Promise<string> {
  try {
    const info = await Deno.readTextFile("/proc/cpuinfo");
    return /^model name\s*:\s*(.+)$/m.exec(info)?.[1] ?? Deno.build.arch;
  } catch {
    // Only Linux has this file.
    return Deno.build.arch;
  }
}
