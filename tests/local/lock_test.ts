import assert from "node:assert/strict";
import { TimedOut } from "../../lib/core/errors.ts";
import { holderOf, takeLock } from "../../lib/local/lock.ts";
import { inScratch } from "./scratch.ts";

const lockModule = new URL("../../lib/local/lock.ts", import.meta.url).href;

/** Another process that holds the lock until it is killed. */
async function holder(path: string): Promise<Deno.ChildProcess> {
  const code = `const { takeLock } = await import(${JSON.stringify(lockModule)});
    await takeLock(${JSON.stringify(path)}, { subject: "x", timeoutMs: 5000 });
    console.log("held"); await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  return child;
}

const options = { subject: "cluster demo", timeoutMs: 200 };

Deno.test("a lock that is given back can be taken again", () =>
  inScratch(async (folder) => {
    const path = `${folder}/sub/lock`;
    (await takeLock(path, options)).release();
    (await takeLock(path, options)).release();
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  }));

Deno.test("a lock is held against other processes, whose waiting names the holder", () =>
  inScratch(async (folder) => {
    const path = `${folder}/sub/lock`;
    const child = await holder(path);
    const waited: string[] = [];
    try {
      await assert.rejects(
        takeLock(path, { ...options, onWait: (who) => waited.push(who) }),
        (error) =>
          error instanceof TimedOut && error.message.includes("cluster demo") &&
          error.message.includes(`process ${child.pid}`),
      );
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
    assert.deepEqual(waited, [`process ${child.pid}`]);
  }));

Deno.test("the lock of a process that was killed is free at once, though its file is still there", () =>
  inScratch(async (folder) => {
    const path = `${folder}/sub/lock`;
    const child = await holder(path);
    child.kill("SIGKILL");
    await child.status;
    assert.equal(await holderOf(path), "another process");
    const lock = await takeLock(path, { ...options, timeoutMs: 0 });
    assert.equal(await holderOf(path), `process ${Deno.pid}`);
    lock.release();
  }));

Deno.test("programs that are started while a lock is held do not keep it", () =>
  inScratch(async (folder) => {
    const path = `${folder}/sub/lock`;
    const lock = await takeLock(path, options);
    const child = new Deno.Command("sleep", { args: ["60"] }).spawn();
    lock.release();
    try {
      // A program that another test starts just now may hold it until its exec, which is soon.
      (await takeLock(path, { ...options, timeoutMs: 5_000 })).release();
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  }));

Deno.test("a lock whose file was removed while it was waited for is taken on the new file", () =>
  inScratch(async (folder) => {
    const path = `${folder}/sub/lock`;
    const first = await takeLock(path, options);
    const second = takeLock(path, {
      ...options,
      timeoutMs: 5_000,
      onWait: () => {
        Deno.removeSync(path);
        first.release();
      },
    });
    const lock = await second;
    await assert.rejects(takeLock(path, { ...options, timeoutMs: 0 }), TimedOut);
    lock.release();
  }));

Deno.test("waiting for a lock ends when it is interrupted", () =>
  inScratch(async (folder) => {
    const path = `${folder}/sub/lock`;
    const lock = await takeLock(path, options);
    const ending = new AbortController();
    const waiting = takeLock(path, {
      ...options,
      timeoutMs: 60_000,
      signal: ending.signal,
      onWait: () => ending.abort(new Error("stop")),
    });
    await assert.rejects(waiting, /stop/);
    lock.release();
  }));
