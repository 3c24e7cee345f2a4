import { ok, rejects } from "node:assert/strict";
import { used } from "./usage.ts";

const { signal } = new AbortController();

function script(text: string): { command: string[] } {
  return { command: [Deno.execPath(), "eval", text] };
}

Deno.test("used() tells the peak of memory, also when it was given back", async () => {
  const nothing = await used(script("0"), signal);
  const much = await used(
    script("{ new Uint8Array(200 * 2 ** 20).fill(1); } globalThis.gc?.();"),
    signal,
  );
  const more = much.peakRssBytes - nothing.peakRssBytes;
  ok(more > 180 * 2 ** 20 && more < 260 * 2 ** 20, `${more} bytes more`);
});

Deno.test("used() counts the processor time of what a process started too", async () => {
  const busy = JSON.stringify(
    "while (process.cpuUsage().user < 7e5) for (let i = 0; i < 1e7; i++);",
  );
  const { cpuMs } = await used(
    script(`new Deno.Command(Deno.execPath(), { args: ["eval", ${busy}] }).outputSync()`),
    signal,
  );
  ok(cpuMs >= 700 && cpuMs < 3_000, `${cpuMs} ms`);
});

Deno.test("used() refuses the figures of a process that failed", async () => {
  await rejects(used(script("Deno.exit(3)"), signal), /exits with 3/);
});
