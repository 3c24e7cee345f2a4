import { closest } from "../../core/closest.ts";
import type { Mistake, Path } from "../mistake.ts";

/** A mistake for a name that nobody declares; none when it is known. `what` is the kind of thing, such as `secret store`. */
export function refer(
  path: Path,
  name: string,
  known: Iterable<string>,
  what: string,
): Mistake[] {
  const names = [...new Set(known)].sort();
  if (names.includes(name)) return [];
  const guess = closest(name, names);
  return [{
    path,
    message: `no ${what} is called ${name}, expected ${
      names.length === 0 ? "that one is declared" : `one of ${names.join(", ")}`
    }${guess === undefined ? "" : `; did you mean ${guess}?`}`,
  }];
}

/** Entries of a section that live in a namespace. */
export function within<T extends { namespace: string }>(
  section: Readonly<Record<string, T>>,
  namespace: string,
): [string, T][] {
  return Object.entries(section).filter(([, entry]) => entry.namespace === namespace);
}
