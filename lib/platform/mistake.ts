import { UsageError } from "../core/errors.ts";

/** A way into a document: keys of maps and indexes of lists. */
export type Path = readonly (string | number)[];

/** Something in a platform that cannot stay. */
export interface Mistake {
  /** Where it is. */
  path: Path;
  /** What is wrong and what was expected, without a final period. */
  message: string;
  /** True when the key itself, the last of `path`, is the mistake and not its value. */
  atKey?: boolean;
}

/** A mistake, and the line and column in its file, both from 1. */
export interface LocatedMistake extends Mistake {
  /** Name of the file. */
  file: string;
  /** Line, from 1. */
  line: number;
  /** Column, from 1. */
  column: number;
}

/** A platform file has mistakes; the message has a line for each. */
export class PlatformInvalid extends UsageError {
  /** All mistakes that were found. */
  readonly mistakes: readonly LocatedMistake[];

  /** Make an error from all mistakes of a file. */
  constructor(mistakes: readonly LocatedMistake[]) {
    super(mistakes.map(lineOf).join("\n"), {
      remedy: `correct ${mistakes.length === 1 ? "this" : `these ${mistakes.length} mistakes`}` +
        ", and run the task again; nothing was changed",
    });
    this.mistakes = mistakes;
  }
}

/** `file:line:column: path: what is wrong`, the form that editors and terminals make links of. */
function lineOf({ file, line, column, path, message }: LocatedMistake): string {
  return `${file}:${line}:${column}: ${path.length === 0 ? "" : `${pathText(path)}: `}${message}`;
}

/** A path as people write it: `workloads.web.env.PORT`, `flows[2].to`, `mounts["/tmp"]`. */
export function pathText(path: Path): string {
  return path.map((part, index) => {
    if (typeof part === "number") return `[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
    return index === 0 ? part : `.${part}`;
  }).join("");
}
