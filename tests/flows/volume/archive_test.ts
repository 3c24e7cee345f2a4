import assert from "node:assert/strict";
import { ProgramFailed } from "../../../lib/core/program_failed.ts";
import { archiveOf, changesOnly, isEmptyFolder } from "../../../lib/flows/volume/archive.ts";
import { setAside, settleAside } from "../../../lib/flows/volume/aside.ts";
import { runHere } from "../../../lib/local/run_program.ts";
import { hostContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const { signal } = new AbortController();
const run = runHere(hostContext());

function tarFailed(exitCode: number, stderr: string): ProgramFailed {
  return new ProgramFailed({ label: "tar", exitCode, stderr });
}

Deno.test("only what tar says of files that changed is forgiven", () => {
  const changed = "tar: ./a b: file changed as we read it\n";
  const removed = "/bin/tar: ./log: File removed before we read it\n";
  const shrank = "tar: ./db: File shrank by 12 bytes; padding with zeros\n";
  const ending = "tar: Exiting with failure status due to previous errors\n";
  assert.deepEqual(changesOnly(tarFailed(1, changed + removed + shrank + ending)), [
    "./a b",
    "./log",
    "./db",
  ]);
  assert.equal(changesOnly(tarFailed(2, changed)), undefined);
  assert.equal(changesOnly(tarFailed(1, "")), undefined);
  assert.equal(
    changesOnly(tarFailed(1, `${changed}tar: ./secret: Cannot open: Permission denied\n`)),
    undefined,
  );
  assert.equal(changesOnly(new Error(changed)), undefined);
});

Deno.test("an archive whose tar may not read a file fails", () =>
  withFolder(async (folder) => {
    const missing = await archiveOf({ run, folder: `${folder}/none` }, signal);
    await assert.rejects(new Response(missing.stream).bytes(), ProgramFailed);
  }));

Deno.test("a folder is empty with nothing but what storage and restores leave in it", () =>
  withFolder(async (folder) => {
    assert.equal(await isEmptyFolder({ run, folder }, signal), true);
    await Deno.mkdir(`${folder}/lost+found`);
    await Deno.mkdir(`${folder}/.slipway-before-x`);
    assert.equal(await isEmptyFolder({ run, folder }, signal), true);
    await Deno.mkdir(`${folder}/sub`);
    assert.equal(await isEmptyFolder({ run, folder }, signal), false);
  }));

Deno.test("no backup is made of files that a killed restore left half done", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/sub/.slipway-before-x`, "a name like any other");
    await Deno.mkdir(`${folder}/.slipway-before-y.needless`);
    const whole = await archiveOf({ run, folder }, signal);
    await new Response(whole.stream).bytes();
    assert.deepEqual([whole.measure().files, whole.measure().folders], [1, 1]);
    await setAside({ run, folder }, "x", signal);
    const half = await archiveOf({ run, folder }, signal);
    await assert.rejects(new Response(half.stream).bytes(), /restore did not come to its end/);
    assert.equal(await isEmptyFolder({ run, folder }, signal), true);
  }));

Deno.test("settleAside() brings back what was there, wherever a restore was killed", async () => {
  const old = ["-rf", ".hidden", "a", "lost+found"];
  const wanted = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const killedAfter: [string, (folder: string) => Promise<unknown>][] = [
    ["nothing was moved", (folder) => Deno.mkdir(`${folder}/.slipway-before-x.moving`)],
    ["a half was moved", async (folder) => {
      await Deno.mkdir(`${folder}/.slipway-before-x.moving`);
      await Deno.rename(`${folder}/a`, `${folder}/.slipway-before-x.moving/a`);
    }],
    ["all was moved", (folder) => setAside({ run, folder }, "x", signal)],
    ["new files have come", async (folder) => {
      await setAside({ run, folder }, "x", signal);
      await Deno.mkdir(`${folder}/a`);
      await Deno.writeTextFile(`${folder}/a/new`, "new");
      await Deno.writeTextFile(`${folder}/--new`, "new");
    }],
  ];
  for (const [when, kill] of killedAfter) {
    await withFolder(async (folder) => {
      for (const name of old) await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/a/old`, "old");
      await kill(folder);
      assert.equal(await settleAside({ run, folder }, signal), true, when);
      assert.deepEqual(wanted(folder), old.toSorted(), when);
      assert.equal(await Deno.readTextFile(`${folder}/a/old`), "old", when);
      assert.equal(await settleAside({ run, folder }, signal), false, when);
    });
  }
});

Deno.test("new files that were proved stay when the removal of the old ones is killed", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "old");
    await setAside({ run, folder }, "x", signal);
    await Deno.writeTextFile(`${folder}/a`, "new");
    await Deno.rename(`${folder}/.slipway-before-x`, `${folder}/.slipway-before-x.needless`);
    await settleAside({ run, folder }, signal);
    assert.equal(await Deno.readTextFile(`${folder}/a`), "new");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
  }));
