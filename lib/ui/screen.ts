/** Where text goes: one of the two output streams of the process, or a string in tests. */
export interface Screen {
  /** Write the text as it is. */
  write(text: string): void;
  /** Whether a person watches it on a terminal. */
  readonly isTerminal: boolean;
  /** Width in terminal columns, as it is now. */
  columns(): number;
  /** Height in terminal rows, as it is now. */
  rows(): number;
}

/** What a {@linkcode Screen} needs of an output stream; `Deno.stdout` and `Deno.stderr` have it. */
export interface OutputStream {
  /** Write some of the bytes and tell how many. */
  writeSync(bytes: Uint8Array): number;
  /** Whether it is a terminal. */
  isTerminal(): boolean;
}

const fallback = { columns: 80, rows: 24 };

/** A screen on standard output. */
export function standardOutput(): Screen {
  return createScreen(Deno.stdout);
}

/** A screen on standard error. */
export function standardError(): Screen {
  return createScreen(Deno.stderr);
}

/**
 * A screen on an output stream. When its reader goes away, as `head` does, what
 * follows is dropped: a run that changes a cluster must not end half-way for that.
 */
export function createScreen(stream: OutputStream): Screen {
  const encoder = new TextEncoder();
  const isTerminal = stream.isTerminal();
  let gone = false;
  return {
    isTerminal,
    write(text) {
      let rest = encoder.encode(text);
      while (rest.length > 0 && !gone) {
        try {
          rest = rest.subarray(stream.writeSync(rest));
        } catch (error) {
          if (error instanceof Deno.errors.WouldBlock) continue;
          if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
          gone = true;
        }
      }
    },
    columns: () => isTerminal ? consoleSize().columns : fallback.columns,
    rows: () => isTerminal ? consoleSize().rows : fallback.rows,
  };
}

function consoleSize(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : fallback;
  } catch {
    return fallback;
  }
}
