import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import type { Program } from "../../lib/core/program.ts";
import { ProgramFailed } from "../../lib/core/program_failed.ts";
import { runHere } from "../../lib/local/run_program.ts";

const redactor = createRedactor();
const run = runHere({ env: (name) => Deno.env.get(name), redactor });
const { signal } = new AbortController();
const sh = (script: string, program: Partial<Program> = {}): Program => ({
  argv: ["sh", "-c", script],
  ...program,
});
const text = (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => new Response(stream).text();
const alive = async (pid: number) => {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => undefined);
  return stat !== undefined && !/\) Z /.test(stat);
};
async function gone(pid: number): Promise<void> {
  for (const deadline = performance.now() + 5_000; await alive(pid);) {
    assert.ok(performance.now() < deadline, `process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("output ends with a program that ended well", async () => {
  const { stdout, done } = await run(sh("printf hello"), { signal });
  assert.equal(await text(stdout), "hello");
  await done;
});

Deno.test("output of a program that ended badly fails after its last byte, with what the program said", async () => {
  redactor.add("hunter2!");
  const program = sh("printf half; echo 'password hunter2! refused' >&2; exit 3", {
    label: "dump",
  });
  const { stdout, done } = await run(program, { signal });
  const reader = stdout.getReader();
  assert.equal((await reader.read()).value?.length, 4);
  const isTold = (error: unknown) => {
    assert.ok(error instanceof ProgramFailed);
    assert.equal(error.message, "dump ended with exit code 3: password ******** refused");
    assert.deepEqual([error.end.exitCode, error.end.signal], [3, undefined]);
    return true;
  };
  await assert.rejects(reader.read(), isTold);
  await assert.rejects(done, isTold);
});

Deno.test("a program that a signal ended is told by the signal", async () => {
  const { stdout } = await run(sh("printf half; kill -9 $$"), { signal });
  await assert.rejects(text(stdout), /^ProgramFailed: sh was ended by SIGKILL$/);
});

Deno.test("a program finds the variables that it is given, and of others only what programs need", async () => {
  Deno.env.set("SLIPWAY_TEST_SECRET", "x");
  const { stdout } = await run({ argv: ["env"], env: { PGDATABASE: "a b'" } }, { signal });
  const names = (await text(stdout)).trim().split("\n").map((line) => line.split("=")[0]!);
  Deno.env.delete("SLIPWAY_TEST_SECRET");
  assert.ok(names.includes("PATH") && names.includes("PGDATABASE"), names.join());
  assert.ok(!names.includes("SLIPWAY_TEST_SECRET"), names.join());
});

Deno.test("aborting ends a program with its children, also one that takes no hint", async () => {
  const aborting = new AbortController();
  const script = "trap '' TERM; sleep 100 & echo $! $$; wait; wait";
  const { stdout, done } = await run(sh(script), { signal: aborting.signal });
  const reader = stdout.getReader();
  const line = new TextDecoder().decode((await reader.read()).value);
  const pids = line.trim().split(" ").map(Number);
  const reason = new Error("enough");
  aborting.abort(reason);
  await assert.rejects(done, reason);
  await assert.rejects(reader.read(), reason);
  for (const pid of pids) await gone(pid);
});

Deno.test("who stops reading ends the program", async () => {
  const { stdout, done } = await run(sh("echo $$; exec sleep 100"), { signal });
  const reader = stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  await reader.cancel();
  await assert.rejects(done, /nobody reads its output any more/);
  await gone(pid);
});

Deno.test("a program reads what it is given, and may stop reading early", async () => {
  const big = () =>
    ReadableStream.from((function* () {
      for (let at = 0; at < 64; at++) yield new Uint8Array(65_536).fill(97);
    })());
  const whole = await run(sh("wc -c", { stdin: big() }), { signal });
  assert.equal((await text(whole.stdout)).trim(), String(64 * 65_536));
  const early = await run(sh("head -c 3", { stdin: big() }), { signal });
  assert.equal(await text(early.stdout), "aaa");
});

Deno.test("input that fails ends the program, which never sees an end of it", async () => {
  const failure = new Error("its checksum differs");
  const stdin = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("half\n")),
    pull: (controller) => controller.error(failure),
  }, { highWaterMark: 0 });
  const { stdout, done } = await run(sh("cat; echo done", { stdin }), { signal });
  const printed: string[] = [];
  const read = async () => {
    for await (const chunk of stdout) printed.push(new TextDecoder().decode(chunk));
  };
  await assert.rejects(read(), failure);
  await assert.rejects(done, failure);
  assert.ok(!printed.join("").includes("done"), printed.join(""));
});

Deno.test("a program that prints faster than it is read waits", async () => {
  const { stdout } = await run(sh("yes | head -c 20000000; echo finished >&2"), { signal });
  const reader = stdout.getReader();
  let size = (await reader.read()).value!.length;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    assert.ok(value.length <= 65_536);
    size += value.length;
  }
  assert.equal(size, 20_000_000);
});

Deno.test("what is said on standard error is kept to its last lines", async () => {
  const { stdout, done, stderr } = await run(sh("seq 100000 >&2; exit 1"), { signal });
  await assert.rejects(text(stdout), ProgramFailed);
  await assert.rejects(done);
  assert.deepEqual(stderr().split("\n").slice(-2), ["99999", "100000"]);
  assert.equal(stderr().split("\n").length, 12);
});

Deno.test("a program that is not there is told with the remedy", async () => {
  await assert.rejects(
    async () => await run({ argv: ["slipway-no-such-program"] }, { signal }),
    /^SlipwayError: Cannot start slipway-no-such-program: /,
  );
});
