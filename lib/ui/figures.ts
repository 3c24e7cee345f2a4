import { formatBytes, formatDuration } from "../core/units.ts";

const order = [
  "created",
  "configured",
  "unchanged",
  "pruned",
  "kept",
  "conflicted",
  "passed",
  "failed",
  "writes",
];

/** Figures that a reader expects even when they are zero. A count of what passed wants the count of what did not. */
function isExpected(name: string, figures: Readonly<Record<string, unknown>>): boolean {
  return ["created", "configured", "unchanged", "passed"].includes(name) ||
    (name === "failed" && "passed" in figures);
}

/**
 * The figures of a summary in one line: `0 created, 1 configured, 141 unchanged in 1.2 s`.
 * The figures of a plan come first, then all others as they are named; zeros are left out where nobody looks for them.
 */
export function figuresLine(figures: Readonly<Record<string, unknown>>): string {
  const subject = subjectOf(figures);
  const names = Object.keys(figures).filter((name) =>
    !["type", "durationMs"].includes(name) && !(subject !== undefined && ofSubject.includes(name))
  );
  const known = order.filter((name) => names.includes(name));
  const rest = names.filter((name) => !order.includes(name));
  const parts = [...known, ...rest].flatMap((name) =>
    figures[name] === 0 && !isExpected(name, figures) ? [] : figure(name, figures[name])
  );
  const figuresOnly = parts.join(", ");
  const line = subject === undefined || figuresOnly === ""
    ? subject ?? figuresOnly
    : `${subject}: ${figuresOnly}`;
  const durationMs = figures.durationMs;
  if (typeof durationMs !== "number") return line;
  return line === ""
    ? `done in ${formatDuration(durationMs)}`
    : `${line} in ${formatDuration(durationMs)}`;
}

const ofSubject = ["kind", "scope", "name", "item"];

/** What the figures are about, as messages name the source of backups: `postgres shop-production/main/orders`. */
function subjectOf({ kind, scope, name, item }: Readonly<Record<string, unknown>>) {
  if (kind === undefined || scope === undefined || name === undefined) return undefined;
  return `${kind} ${[scope, name, item].filter((part) => part !== undefined).join("/")}`;
}

function figure(name: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "number") {
    if (name.endsWith("Ms")) return [`${words(name.slice(0, -2))} ${formatDuration(value)}`];
    if (name.endsWith("Bytes")) return [`${words(name.slice(0, -5))} ${formatBytes(value)}`];
    return [`${value} ${words(name)}`];
  }
  if (typeof value === "object") return [];
  if (name === "dryRun") return value ? ["nothing done, as --dry-run asks"] : [];
  return [`${words(name)} ${String(value)}`];
}

/** `podsReady` as people write it: `pods ready`. */
function words(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
