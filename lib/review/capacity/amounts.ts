import { formatBytes, parseQuantity } from "../../core/units.ts";
import { type Container, type PodSpec } from "../pods.ts";

/** CPU and memory. */
export interface Amounts {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

/** What one pod asks for. */
export interface PodNeeds {
  /** What the scheduler sets aside. */
  requests: Amounts;
  /** What the kernel allows at most, as far as there are limits. */
  limits: Amounts;
}

/** Nothing. */
export const nothing: Readonly<Amounts> = { cpu: 0, memory: 0 };

/** The sum of some amounts. */
export function sum(...all: readonly Amounts[]): Amounts {
  return all.reduce<Amounts>(
    (total, { cpu, memory }) => ({ cpu: total.cpu + cpu, memory: total.memory + memory }),
    { ...nothing },
  );
}

/** So many times an amount. */
export function times(count: number, { cpu, memory }: Amounts): Amounts {
  return { cpu: count * cpu, memory: count * memory };
}

/**
 * What a pod needs: of its containers together, or of the init container that needs most, whichever is more.
 * Source: Kubernetes, "Init Containers", "Resource sharing within containers", and "Sidecar Containers".
 */
export function needsOf({ containers, initContainers = [] }: PodSpec): PodNeeds {
  return {
    requests: effective(containers, initContainers, requestsOf),
    limits: effective(containers, initContainers, limitsOf),
  };
}

/** Amounts for people: `1.5 cores and 12 GiB`. */
export function amountsText({ cpu, memory }: Amounts): string {
  return `${coresText(cpu)} and ${formatBytes(memory)}`;
}

/** Cores for people, of two decimals at the most: `0.25 cores`, `1 core`. */
export function coresText(cpu: number): string {
  const cores = Number(cpu.toFixed(2));
  return `${cores} ${cores === 1 ? "core" : "cores"}`;
}

function effective(
  containers: readonly Container[],
  initContainers: readonly Container[],
  of: (container: Container) => Amounts,
): Amounts {
  let beside = { ...nothing };
  let most = { ...nothing };
  for (const container of initContainers) {
    const own = of(container);
    if (container.restartPolicy === "Always") beside = sum(beside, own);
    // Those beside it that came before run on while it runs.
    most = larger(most, container.restartPolicy === "Always" ? beside : sum(beside, own));
  }
  return larger(most, sum(beside, ...containers.map(of)));
}

function larger(a: Amounts, b: Amounts): Amounts {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory) };
}

/** Where there is no request, the limit counts as one. Source: Kubernetes, "Resource Management for Pods and Containers". */
function requestsOf({ resources = {} }: Container): Amounts {
  const { requests = {}, limits = {} } = resources;
  return {
    cpu: quantity(requests["cpu"] ?? limits["cpu"]),
    memory: quantity(requests["memory"] ?? limits["memory"]),
  };
}

function limitsOf({ resources = {} }: Container): Amounts {
  const { limits = {} } = resources;
  return { cpu: quantity(limits["cpu"]), memory: quantity(limits["memory"]) };
}

function quantity(value: string | number | undefined): number {
  return value === undefined ? 0 : parseQuantity(value);
}
