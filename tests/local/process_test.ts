import assert from "node:assert/strict";
import { lastLines, startProcess, stopProcess } from "../../lib/local/process.ts";
import { isAlive, processFacts } from "../../lib/local/process_table.ts";
import { inScratch } from "./scratch.ts";

const env = { PATH: "/usr/bin:/bin" };

Deno.test("a process leads a session of its own, so Ctrl-C at the terminal does not reach it", () =>
  inScratch(async (folder) => {
    const logFile = `${folder}/log`;
    const command = ["sleep", "60"];
    const started = await startProcess({ command, env, cwd: folder, logFile });
    const facts = await processFacts(started.pid);
    await stopProcess(started, { graceMs: 5_000 });
    assert.equal(facts?.sessionId, started.pid);
    assert.equal(await started.ended, "signal SIGTERM");
  }));

Deno.test("what a process prints goes to its log, which only its owner may read, after what is there", () =>
  inScratch(async (folder) => {
    const logFile = `${folder}/log`;
    const command = ["sh", "-c", "echo out; echo err >&2; exit 3"];
    const first = await startProcess({ command, env, cwd: folder, logFile });
    assert.equal(await first.ended, "exit code 3");
    const second = await startProcess({ command, env, cwd: folder, logFile });
    await second.ended;
    assert.deepEqual([first.logOffset, second.logOffset], [0, 8]);
    assert.deepEqual(await lastLines(logFile, 3), ["err", "out", "err"]);
    assert.equal((await Deno.stat(logFile)).mode! & 0o777, 0o600);
  }));

Deno.test("a log that has grown large makes room when its process starts", () =>
  inScratch(async (folder) => {
    const logFile = `${folder}/log`;
    await Deno.writeFile(logFile, new Uint8Array(8 * 1024 * 1024 + 1));
    const started = await startProcess({ command: ["true"], env, cwd: folder, logFile });
    await started.ended;
    assert.equal((await Deno.stat(logFile)).size, 0);
    assert.equal((await Deno.stat(`${logFile}.1`)).size, 8 * 1024 * 1024 + 1);
  }));

Deno.test("a process that ignores SIGTERM is killed once its time is up", () =>
  inScratch(async (folder) => {
    const logFile = `${folder}/log`;
    const command = ["sh", "-c", "trap '' TERM; echo trapped; while :; do sleep 0.05; done"];
    const started = await startProcess({ command, env, cwd: folder, logFile });
    const watcher = Deno.watchFs(logFile);
    if ((await lastLines(logFile, 1))[0] !== "trapped") {
      for await (const _ of watcher) if ((await lastLines(logFile, 1))[0] === "trapped") break;
    } else watcher.close();
    await stopProcess(started, { graceMs: 50 });
    assert.equal(await started.ended, "signal SIGKILL");
  }));

Deno.test("a process that has the number of another one is left alone", () =>
  inScratch(async (folder) => {
    const command = ["sleep", "60"];
    const started = await startProcess({ command, env, cwd: folder, logFile: `${folder}/log` });
    await stopProcess({ ...started, startTicks: "1" }, { graceMs: 1_000 });
    const survived = await isAlive(started);
    await stopProcess(started, { graceMs: 5_000 });
    assert.ok(survived);
    await started.ended;
  }));

Deno.test("a program that is not there cannot be started, and the error says so", () =>
  inScratch(async (folder) => {
    await assert.rejects(
      startProcess({ command: [`${folder}/none`], env, cwd: folder, logFile: `${folder}/log` }),
      /Cannot start .*none.*ENOENT/,
    );
  }));
