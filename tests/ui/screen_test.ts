import assert from "node:assert/strict";
import { createScreen, type OutputStream } from "../../lib/ui/screen.ts";

function stream(writeSync: OutputStream["writeSync"]): OutputStream {
  return { writeSync, isTerminal: () => false };
}

Deno.test("a screen writes all of a text, however little the stream takes at a time", () => {
  const written: number[] = [];
  const screen = createScreen(stream((bytes) => {
    const taken = bytes.subarray(0, 3);
    written.push(...taken);
    return taken.length;
  }));
  screen.write("ready: 名前\n");
  assert.equal(new TextDecoder().decode(new Uint8Array(written)), "ready: 名前\n");
});

Deno.test("a reader that goes away does not end the run", () => {
  let calls = 0;
  const screen = createScreen(stream(() => {
    calls++;
    throw new Deno.errors.BrokenPipe();
  }));
  screen.write("one");
  screen.write("two");
  assert.equal(calls, 1);
});

Deno.test("a screen passes on what it cannot help, such as a full disk", () => {
  const screen = createScreen(stream(() => {
    throw new Error("No space left on device");
  }));
  assert.throws(() => screen.write("one"), /No space left/);
});

Deno.test("a screen that is no terminal has a size all the same", () => {
  const screen = createScreen(stream((bytes) => bytes.length));
  assert.deepEqual([screen.columns(), screen.rows()], [80, 24]);
});
