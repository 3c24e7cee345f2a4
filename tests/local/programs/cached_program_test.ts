import assert from "node:assert/strict";
import { cachedPath, keepProgram } from "../../../lib/local/programs/cached_program.ts";
import { DiskFull } from "../../../lib/local/files.ts";
import { filesBelow, inScratch, mayMount, onSmallDisk } from "../scratch.ts";
import { testProgram } from "../upstream.ts";

const program = testProgram("http://127.0.0.1:1");
const keepModule = new URL("../../../lib/local/programs/cached_program.ts", import.meta.url).href;

function options(cacheDir: string, onWait: (holder: string) => void = () => {}) {
  return { cacheDir, onWait, signal: new AbortController().signal };
}

async function make(folder: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/made`, "program");
  return `${folder}/made`;
}

Deno.test("what fails to be made leaves nothing in the cache", () =>
  inScratch(async (folder) => {
    const failing = keepProgram(program, options(folder), async (workplace) => {
      await make(workplace);
      throw new Error("half way");
    });
    await assert.rejects(failing, /half way/);
    assert.deepEqual(await filesBelow(folder), ["bin/hello/v1.2.3/lock"]);
  }));

Deno.test("what a killed run left unfinished is swept away by the next one", () =>
  inScratch(async (folder) => {
    const code = `const { keepProgram } = await import(${JSON.stringify(keepModule)});
      const program = ${JSON.stringify({ name: program.name, version: program.version })};
      const options = { cacheDir: ${
      JSON.stringify(folder)
    }, signal: new AbortController().signal, onWait() {} };
      await keepProgram(program, options, async (workplace) => {
        await Deno.writeTextFile(workplace + "/half", "x".repeat(1000));
        console.log("half");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", code], stdout: "piped" })
      .spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    child.kill("SIGKILL");
    await child.status;
    assert.equal((await filesBelow(folder)).filter((path) => path.endsWith("/half")).length, 1);

    await keepProgram(program, options(folder), make);
    assert.deepEqual(await filesBelow(folder), ["bin/hello/v1.2.3/hello", "bin/hello/v1.2.3/lock"]);
  }));

Deno.test("of two runs that want the same program one makes it, the other waits and takes it", () =>
  inScratch(async (folder) => {
    let made = 0;
    let begin = () => {};
    const waited = new Promise<void>((resolve) => begin = resolve);
    const once = async (workplace: string) => {
      made++;
      await waited;
      return await make(workplace);
    };
    const [first, second] = await Promise.all([
      keepProgram(program, options(folder, begin), once),
      keepProgram(program, options(folder, begin), once),
    ]);
    assert.equal(first, cachedPath(folder, program));
    assert.equal(second, first);
    assert.equal(made, 1);
  }));

Deno.test({
  name: "a cache on a full disk is told with its folder and with what to do",
  ignore: !mayMount,
  fn: () =>
    onSmallDisk(65_536, async (folder) => {
      await assert.rejects(
        keepProgram(program, options(folder), async (workplace) => {
          await Deno.writeFile(`${workplace}/big`, new Uint8Array(200_000));
          return `${workplace}/big`;
        }),
        (error) =>
          error instanceof DiskFull && error.message.includes(`${folder}/bin/hello`) &&
          /free some space/.test(error.remedy!),
      );
      assert.deepEqual(await filesBelow(folder), ["bin/hello/v1.2.3/lock"]);
    }),
});
