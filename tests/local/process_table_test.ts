import assert from "node:assert/strict";
import {
  bootId,
  findByEnvironment,
  isAlive,
  parseEnvironment,
  parseStat,
  processFacts,
  residentBytes,
} from "../../lib/local/process_table.ts";

Deno.test("a program whose name holds spaces and parentheses does not shift the fields", () => {
  const tail = "S 1 77 77 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 124096 0 0";
  assert.deepEqual(parseStat(`42 (a) b (c)) ${tail}`), {
    pid: 42,
    sessionId: 77,
    startTicks: "124096",
    ended: false,
  });
  assert.equal(parseStat(`42 (sh) ${tail.replace("S", "Z")}`)?.ended, true);
  assert.equal(parseStat(""), undefined);
});

Deno.test("the environment is read whole, with values that hold equals signs", () => {
  assert.deepEqual([...parseEnvironment("A=1\0B=x=y\0C=\0\0broken\0")], [
    ["A", "1"],
    ["B", "x=y"],
    ["C", ""],
  ]);
});

Deno.test("a process is told from a later one with the same number, and from one of another boot", async () => {
  const facts = (await processFacts(Deno.pid))!;
  assert.equal(facts.bootId, await bootId());
  assert.ok(await isAlive(facts));
  assert.ok(!await isAlive({ ...facts, startTicks: String(Number(facts.startTicks) - 1) }));
  assert.ok(!await isAlive({ ...facts, bootId: "another" }));
  assert.ok(await residentBytes(Deno.pid) > 1024 * 1024);
});

Deno.test("a process is found by its environment, and no more once it has ended", async () => {
  const value = crypto.randomUUID();
  const child = new Deno.Command("sleep", { args: ["60"], env: { SLIPWAY_TEST: value } }).spawn();
  const [found, ...others] = await findByEnvironment("SLIPWAY_TEST", value);
  assert.equal(found?.pid, child.pid);
  assert.equal(found?.environment.get("SLIPWAY_TEST"), value);
  assert.deepEqual(others, []);
  assert.deepEqual(await findByEnvironment("SLIPWAY_TEST", value.slice(0, -1)), []);
  child.kill("SIGKILL");
  await child.status;
  assert.deepEqual(await findByEnvironment("SLIPWAY_TEST", value), []);
  assert.ok(!await isAlive(found!));
});
