/** What a prompt needs of a terminal; `Deno.stdin` has it. */
export interface Keyboard {
  /** Read what was typed or pasted. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Let each key through as it is typed, and show none. */
  setRaw(raw: boolean): void;
}

const [endOfText, endOfTransmission, backspace, eraseLine, escape, del] = [3, 4, 8, 21, 27, 127];

/**
 * Asks for secrets at a terminal, of which nothing is shown, not even the length. What is pasted is taken like what is
 * typed; more lines of it answer the next questions.
 *
 * @returns a function that asks one question; its answer is undefined when the user interrupted it
 */
export function secretPrompt(
  keyboard: Keyboard,
  write: (text: string) => void,
): (question: string) => Promise<string | undefined> {
  const waiting: number[] = [];
  const buffer = new Uint8Array(1024);

  async function nextByte(): Promise<number> {
    while (waiting.length === 0) {
      const count = await keyboard.read(buffer);
      if (count === null) return endOfTransmission!;
      waiting.push(...buffer.subarray(0, count));
      skipKeys(waiting);
    }
    return waiting.shift()!;
  }

  return async (question) => {
    write(`${question}: `);
    keyboard.setRaw(true);
    try {
      const typed: number[] = [];
      while (true) {
        const byte = await nextByte();
        if (byte === endOfText) return undefined;
        if (byte === endOfTransmission) return typed.length === 0 ? undefined : textOf(typed);
        if (byte === 13 && waiting[0] === 10) waiting.shift();
        if (byte === 13 || byte === 10) return textOf(typed);
        if (byte === backspace || byte === del) eraseLast(typed);
        else if (byte === eraseLine) typed.length = 0;
        else if (byte >= 32) typed.push(byte);
      }
    } finally {
      keyboard.setRaw(false);
      write("\n");
    }
  };
}

/** Arrows and the like come as an escape sequence, of which nothing belongs to an answer. Source: ECMA-48, 5.4. */
function skipKeys(bytes: number[]): void {
  for (let start = bytes.indexOf(escape!); start >= 0; start = bytes.indexOf(escape!)) {
    let end = start + 1;
    if (bytes[end] === 0x5b || bytes[end] === 0x4f) {
      end++;
      while (end < bytes.length && bytes[end]! < 0x40) end++;
      end++;
    }
    bytes.splice(start, end - start);
  }
}

/** Take the last character off, which may be of several bytes. Source: RFC 3629. */
function eraseLast(bytes: number[]): void {
  while (bytes.length > 0 && (bytes.pop()! & 0xc0) === 0x80);
}

function textOf(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
