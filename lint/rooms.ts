/** A part of the project that has rules about what it imports. */
export interface Room {
  /** Kind of room; system folders below lib/ are all of one kind. */
  kind:
    | "core"
    | "platform"
    | "components"
    | "manifests"
    | "review"
    | "system"
    | "flows"
    | "ui"
    | "library"
    | "tasks"
    | "shared"
    | "bench"
    | "tests"
    | "lint";
  /** Its folder, or the file for `lib/mod.ts`. */
  name: string;
}

const fixed: readonly (readonly [prefix: string, kind: Room["kind"]])[] = [
  ["lib/core/", "core"],
  ["lib/platform/", "platform"],
  ["lib/review/", "review"],
  ["lib/flows/", "flows"],
  ["lib/ui/", "ui"],
  ["lib/mod.ts", "library"],
  ["manifests/components/", "components"],
  ["manifests/", "manifests"],
  ["tasks/shared/", "shared"],
  ["tasks/", "tasks"],
  ["tests/bench/", "bench"],
  ["tests/", "tests"],
  ["lint/", "lint"],
];

/**
 * The room of a file, given by its path from the project's folder; undefined for files outside of all rooms, and for
 * data, whose text anybody may import: it acts as little as a literal.
 */
export function roomOf(path: string): Room | undefined {
  if (/\.(json|ya?ml)$/.test(path)) return undefined;
  for (const [prefix, kind] of fixed) {
    if (path.startsWith(prefix)) return { kind, name: prefix.replace(/\/$/, "") };
  }
  const system = /^lib\/[^/]+(?=\/)/.exec(path)?.[0];
  return system === undefined ? undefined : { kind: "system", name: system };
}

const pure: readonly Room["kind"][] = ["platform", "components", "manifests", "review"];
const inner: readonly Room["kind"][] = ["core", ...pure, "system"];
const library: readonly Room["kind"][] = [...inner, "flows", "ui"];

/** Which kinds of rooms a kind of room may import, besides itself. A system folder may not import another one. */
const mayImport: Record<Room["kind"], readonly Room["kind"][]> = {
  core: [],
  platform: ["core"],
  components: ["core", "platform"],
  manifests: ["core", "platform", "components"],
  review: ["core", "platform"],
  system: ["core"],
  flows: inner,
  ui: ["core"],
  library,
  shared: ["core", "ui", "flows"],
  tasks: ["core", "ui", "flows", "shared", "library", "bench"],
  bench: [...library, "tests"],
  tests: [...library, "library", "shared", "tasks", "bench", "lint"],
  lint: [],
};

/** What is wrong with an import from one room into another; undefined when it is allowed. */
export function forbiddenImport(from: Room, to: Room): string | undefined {
  const kinds = mayImport[from.kind];
  if (from.name === to.name || kinds.includes(to.kind)) return undefined;
  return `${from.name} may not import ${to.name}: it may import ${
    kinds.length === 0 ? "no other room" : `only ${kinds.join(", ")}`
  }`;
}

/** Rooms whose code decides and never acts: no I/O, clock, randomness or environment. */
export function isPure(room: Room): boolean {
  return pure.includes(room.kind);
}
