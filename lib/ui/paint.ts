/** Colours a text, or leaves it as it is. */
export interface Paint {
  /** For what went well or is added. */
  green(text: string): string;
  /** For what changes or deserves attention. */
  yellow(text: string): string;
  /** For what failed or goes away. */
  red(text: string): string;
  /** For what moves. */
  cyan(text: string): string;
  /** For what matters less. */
  dim(text: string): string;
  /** For headings. */
  bold(text: string): string;
}

/** Colours by ANSI escape sequences when `enabled`, otherwise texts as they are. */
export function createPaint(enabled: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    enabled && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    green: style(32, 39),
    yellow: style(33, 39),
    red: style(31, 39),
    cyan: style(36, 39),
    dim: style(2, 22),
    bold: style(1, 22),
  };
}
