import type { Paint } from "./paint.ts";

/**
 * One line of a field diff, coloured by its first sign: `+` added, `-` removed,
 * `~` changed. Other lines stay as they are.
 */
export function paintDiffLine(line: string, paint: Paint): string {
  switch (line.trimStart()[0]) {
    case "+":
      return paint.green(line);
    case "-":
      return paint.red(line);
    case "~":
      return paint.yellow(line);
    default:
      return line;
  }
}
