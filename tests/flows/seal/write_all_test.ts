import assert from "node:assert/strict";
import { writeAll } from "../../../lib/flows/seal/write_all.ts";
import { type SealedTree, withTree } from "./sealed_tree.ts";

function changeOf(tree: SealedTree, name: string) {
  return { name, path: `${tree.root}/${name}`, text: `old ${name}`, after: `new ${name}` };
}

async function written(tree: SealedTree, names: readonly string[]) {
  for (const name of names) await tree.write(name, `old ${name}`);
  return names.map((name) => changeOf(tree, name));
}

Deno.test("writeAll() changes all files, keeps their modes, and follows links", async () => {
  await withTree(async (tree) => {
    const changes = await written(tree, ["a", "b"]);
    await Deno.chmod(`${tree.root}/a`, 0o640);
    await Deno.symlink(`${tree.root}/b`, `${tree.root}/link`);
    await writeAll([changes[0]!, { ...changes[1]!, path: `${tree.root}/link` }], tree.context);
    assert.deepEqual(await tree.files(), { a: "new a", b: "new b", link: "new b" });
    assert.equal((await Deno.stat(`${tree.root}/a`)).mode! & 0o777, 0o640);
    assert.ok((await Deno.lstat(`${tree.root}/link`)).isSymlink);
  });
});

Deno.test("writeAll() changes nothing when somebody changed one of the files in the meantime", async () => {
  await withTree(async (tree) => {
    const changes = await written(tree, ["a", "b"]);
    await tree.write("b", "by somebody");
    await assert.rejects(writeAll(changes, tree.context), /Cannot change b: somebody changed it/);
    assert.deepEqual(await tree.files(), { a: "old a", b: "by somebody" });
  });
});

Deno.test("writeAll() puts back what it changed when a later file cannot be renamed", async () => {
  await withTree(async (tree) => {
    const changes = await written(tree, ["a", "b", "c"]);
    const { rename } = Deno;
    let count = 0;
    Deno.rename = (from, to) =>
      ++count === 3 ? Promise.reject(new Error("the disk is gone")) : rename(from, to);
    try {
      await assert.rejects(writeAll(changes, tree.context), /the disk is gone/);
    } finally {
      Deno.rename = rename;
    }
    assert.deepEqual(await tree.files(), { a: "old a", b: "old b", c: "old c" });
  });
});

Deno.test("writeAll() takes over what a killed run left", async () => {
  await withTree(async (tree) => {
    const changes = await written(tree, ["a"]);
    await tree.write("a.slipway-partial", "half of someth");
    await writeAll(changes, tree.context);
    assert.deepEqual(await tree.files(), { a: "new a" });
  });
});
