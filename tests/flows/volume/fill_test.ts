import assert from "node:assert/strict";
import { measuredTree } from "../../../lib/backup/tar_tree.ts";
import type { RunProgram } from "../../../lib/core/program.ts";
import { archiveOf, type PodFolder } from "../../../lib/flows/volume/archive.ts";
import { fillVolume, LeftUnfinished } from "../../../lib/flows/volume/fill.ts";
import { runHere } from "../../../lib/local/run_program.ts";
import { hostContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

const { signal } = new AbortController();
const run = runHere(hostContext());

/** Programs of which the first one that `breaks` says so does not do what it should, and the ones after it do. */
function failingOnce(breaks: (argv: readonly string[]) => boolean): RunProgram {
  let failed = false;
  return (program, options) => {
    if (failed || !breaks(program.argv)) return run(program, options);
    failed = true;
    return run({ argv: ["false"], label: program.argv[0] }, options);
  };
}

async function archiveWith(name: string, text: string) {
  return await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    const archive = await archiveOf({ run, folder }, signal);
    const bytes = await new Response(archive.stream).bytes();
    const measured = measuredTree(new Blob([bytes]).stream());
    await new Response(measured.stream).bytes();
    return {
      open: () => Promise.resolve(new Blob([bytes]).stream()),
      details: { tree: measured.measure() },
    };
  });
}

async function fill(place: PodFolder, onWhole: () => void = () => {}) {
  const filling = { ...await archiveWith("new", "new"), record: { id: "x" }, name: "shop/files" };
  await fillVolume(place, { ...filling, replace: true, onWhole }, hostContext());
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("a volume is filled with the files of a backup, and nothing else is left", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/old`, "old");
    await fill({ run, folder });
    assert.deepEqual(names(folder), ["new"]);
  }));

Deno.test("files come back wherever setting them aside or replacing them fails", async () => {
  const failures: [string, (argv: readonly string[]) => boolean][] = [
    ["half of them were moved", (argv) => argv.includes("mv") && argv[1] === "-T"],
    ["all of them were moved", (argv) => argv.includes("--extract")],
  ];
  for (const [when, breaks] of failures) {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/old`, "old");
      await assert.rejects(
        fill({ run: failingOnce(breaks), folder }),
        (error) => !(error instanceof LeftUnfinished),
        when,
      );
      assert.deepEqual(names(folder), ["old"], when);
    });
  }
});

Deno.test("files are known to be whole only when those of a killed restore are back", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.slipway-before-y`);
    await Deno.writeTextFile(`${folder}/.slipway-before-y/old`, "old");
    await Deno.writeTextFile(`${folder}/half`, "half");
    let isWhole = false;
    const onWhole = () => void (isWhole = true);
    const breaks = (argv: readonly string[]) => argv.includes("mv");
    await assert.rejects(fill({ run: failingOnce(breaks), folder }, onWhole), LeftUnfinished);
    assert.equal(isWhole, false);
    await fill({ run, folder }, onWhole);
    assert.equal(isWhole, true);
    assert.deepEqual(names(folder), ["new"]);
  }));
