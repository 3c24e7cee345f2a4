/** One option of a task, as data. */
export interface OptionRow {
  /** As commander writes it: `-f, --secret-file <path>`, or without a value for a switch. */
  flags: string;
  /** What it is for, for `--help`. */
  about: string;
  /** The only values that it takes. */
  choices?: readonly string[];
  /** Whether it may be given several times. */
  many?: true;
  /** Whether one value may be several, with commas between. */
  commas?: true;
  /** What it is when it is not given. */
  otherwise?: string;
}

/** A task whose options are data, so that they can be read before a library for command lines is loaded. */
export interface TaskTable {
  /** Its name, as `deno task` has it. */
  name: string;
  /** What it does, for `--help`. */
  summary: string;
  /** Its arguments besides options, as commander writes them: `[key...]`. */
  rest?: { flags: string; about: string };
  /** Its options besides those that every task has. */
  options: readonly OptionRow[];
  /** Examples, each as it is typed. */
  examples: readonly string[];
}

/** What was read from a command line. */
export interface QuickArguments {
  /** Options by their names in camel case. */
  options: Record<string, unknown>;
  /** Arguments besides options. */
  rest: readonly string[];
}

/**
 * The options of a plain and correct command line. Undefined when anything else is in it, such as `--help`, a word that
 * is not known or a value that is missing: what to say then is for the library.
 */
export function readArguments(
  { options: rows, rest: takesRest }: TaskTable,
  args: readonly string[],
): QuickArguments | undefined {
  const options: Record<string, unknown> = {};
  for (const { flags, otherwise } of rows) {
    if (otherwise !== undefined) options[nameOf(flags)] = otherwise;
  }
  const rest: string[] = [];
  const waiting = [...args];
  while (waiting.length > 0) {
    const arg = waiting.shift()!;
    if (arg === "--json") options["json"] = true;
    else if (!arg.startsWith("-")) rest.push(arg);
    else {
      const [, flag, attached] = /^(-\w|--[a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
      const row = rows.find((row) => row.flags.split(/[ ,]+/).includes(flag ?? ""));
      if (row === undefined || flag === undefined) return undefined;
      if (!row.flags.includes("<")) {
        if (attached !== undefined) return undefined;
        options[nameOf(row.flags)] = true;
        continue;
      }
      if (attached !== undefined && !flag.startsWith("--")) return undefined;
      const value = attached ?? waiting.shift();
      if (value === undefined || !isAllowed(row, value)) return undefined;
      take(options, row, value);
    }
  }
  return rest.length > 0 && takesRest === undefined ? undefined : { options, rest };
}

/** Take a value of an option in, with those that were given before where it may have several. */
export function valueOf(
  { many, commas }: OptionRow,
  value: string,
  before: unknown,
): string | string[] {
  if (!many) return value;
  return [...before as string[] | undefined ?? [], ...(commas ? value.split(",") : [value])];
}

function take(options: Record<string, unknown>, row: OptionRow, value: string): void {
  const name = nameOf(row.flags);
  options[name] = valueOf(row, value, options[name]);
}

function isAllowed({ choices }: OptionRow, value: string): boolean {
  return choices === undefined || choices.includes(value);
}

/** `-f, --secret-file <path>` becomes `secretFile`. */
function nameOf(flags: string): string {
  const long = /--([a-z-]+)/.exec(flags)![1]!;
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
