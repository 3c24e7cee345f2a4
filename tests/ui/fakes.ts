import type { Clock } from "../../lib/ui/renderer.ts";
import type { Screen } from "../../lib/ui/screen.ts";

/** A screen that keeps what was written. */
export interface FakeScreen extends Screen {
  /** All that was written so far. */
  text: string;
}

/** Make a {@linkcode FakeScreen}. */
export function fakeScreen({ isTerminal = false, columns = 80, rows = 24 } = {}): FakeScreen {
  return {
    text: "",
    isTerminal,
    columns: () => columns,
    rows: () => rows,
    write(text) {
      this.text += text;
    },
  };
}

/** A clock that moves when it is told to. */
export interface FakeClock extends Clock {
  /** Let time pass, with the ticks that are due. */
  pass(ms: number): void;
  /** How many timers run. */
  timers(): number;
}

/** Make a {@linkcode FakeClock}. */
export function fakeClock(): FakeClock {
  let nowMs = 0;
  const timers = new Set<{ everyMs: number; dueMs: number; tick: () => void }>();
  return {
    nowMs: () => nowMs,
    every(ms, tick) {
      const timer = { everyMs: ms, dueMs: nowMs + ms, tick };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = [...timers].filter(({ dueMs }) => dueMs <= endMs)
          .sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        nowMs = next.dueMs;
        next.dueMs += next.everyMs;
        next.tick();
      }
      nowMs = endMs;
    },
    timers: () => timers.size,
  };
}

/** What a terminal shows after these bytes, by the few escape sequences that live lines use. */
export function terminalRows(bytes: string): { rows: string[]; isCursorShown: boolean } {
  const rows = [""];
  let row = 0;
  let column = 0;
  let isCursorShown = true;
  // deno-lint-ignore no-control-regex
  for (const [token] of bytes.matchAll(/\u001b\[\??[0-9;]*[A-Za-z]|[^\u001b]/gu)) {
    const up = token.endsWith("A") && token.startsWith("\u001b[") ? token.slice(2, -1) : undefined;
    if (token === "\r") column = 0;
    else if (token === "\n") {
      row++;
      column = 0;
      rows[row] ??= "";
    } else if (up !== undefined) row -= Number(up);
    else if (token === "\u001b[J") {
      rows.length = row + 1;
      rows[row] = [...rows[row]!].slice(0, column).join("");
    } else if (token === "\u001b[?25l") isCursorShown = false;
    else if (token === "\u001b[?25h") isCursorShown = true;
    else if (token.length === 1 || !token.startsWith("\u001b")) {
      const cells = [...rows[row]!];
      cells[column++] = token;
      rows[row] = cells.join("");
    }
  }
  return { rows, isCursorShown };
}
