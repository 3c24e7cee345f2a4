import assert from "node:assert/strict";
import { readDurations, rememberDuration } from "../../lib/local/programs/durations.ts";
import {
  DiskFull,
  exists,
  makePrivateFolder,
  readIfThere,
  removeAll,
  writePrivate,
  writePrivateIfChanged,
} from "../../lib/local/files.ts";
import { filesBelow, inScratch, mayMount, onSmallDisk } from "./scratch.ts";

Deno.test("a private file is its owner's alone, also where one with a wider mode stood", () =>
  inScratch(async (folder) => {
    await Deno.writeTextFile(`${folder}/key`, "old", { mode: 0o644 });
    await writePrivate(`${folder}/key`, "new");
    assert.equal(await readIfThere(`${folder}/key`), "new");
    assert.equal((await Deno.stat(`${folder}/key`)).mode! & 0o777, 0o600);
    assert.deepEqual(await filesBelow(folder), ["key"]);
  }));

Deno.test("what a killed run left of a file is no hindrance", () =>
  inScratch(async (folder) => {
    await Deno.writeTextFile(`${folder}/key.new`, "half");
    await writePrivate(`${folder}/key`, "whole");
    assert.deepEqual(await filesBelow(folder), ["key"]);
  }));

Deno.test("a file that has the content already is not written again", () =>
  inScratch(async (folder) => {
    assert.equal(await writePrivateIfChanged(`${folder}/a`, "x"), true);
    const { ino } = await Deno.stat(`${folder}/a`);
    assert.equal(await writePrivateIfChanged(`${folder}/a`, "x"), false);
    assert.equal((await Deno.stat(`${folder}/a`)).ino, ino);
  }));

Deno.test("what is not there reads as undefined, and can be removed", () =>
  inScratch(async (folder) => {
    assert.equal(await readIfThere(`${folder}/none`), undefined);
    assert.equal(await exists(`${folder}/none/deeper`), false);
    await removeAll(`${folder}/none`);
    await makePrivateFolder(`${folder}/a/b`);
    assert.equal((await Deno.stat(`${folder}/a`)).mode! & 0o777, 0o700);
  }));

Deno.test({
  name: "a full disk is told with the file that could not be written, whose old content stays",
  ignore: !mayMount,
  fn: () =>
    onSmallDisk(16_384, async (folder) => {
      await writePrivate(`${folder}/key`, "old");
      await assert.rejects(
        writePrivate(`${folder}/key`, "x".repeat(100_000)),
        (error) => error instanceof DiskFull && error.message.includes(`${folder}/key`),
      );
      assert.equal(await readIfThere(`${folder}/key`), "old");
      assert.deepEqual(await filesBelow(folder), ["key"]);
    }),
});

Deno.test("durations are remembered over runs, and a damaged file only forgets them", () =>
  inScratch(async (folder) => {
    assert.deepEqual(await readDurations(folder), {});
    await rememberDuration(folder, "build a", 10.4);
    await rememberDuration(folder, "build b", 20);
    assert.deepEqual(await readDurations(folder), { "build a": 10, "build b": 20 });
    await Deno.writeTextFile(`${folder}/durations.json`, '{"build a": "soon"');
    assert.deepEqual(await readDurations(folder), {});
  }));
