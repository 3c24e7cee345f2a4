import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { extractMember } from "../../../lib/local/programs/archive.ts";
import { inScratch } from "../scratch.ts";
import { tarGz } from "../tar.ts";

const big = crypto.getRandomValues(new Uint8Array(60_001));
const deep = `${"d".repeat(120)}/etcd`;
const files = [
  { name: "LICENSE", bytes: new TextEncoder().encode("words") },
  { name: "etcd-v3/etcd", bytes: big },
  { name: "etcd-v3/etcdctl", bytes: new Uint8Array(0) },
  { name: deep, bytes: new Uint8Array([1, 2, 3]) },
];

async function unpack(folder: string, archive: Uint8Array, member: string): Promise<Uint8Array> {
  await Deno.writeFile(`${folder}/a.tar.gz`, archive);
  await extractMember(`${folder}/a.tar.gz`, member, `${folder}/out`);
  return await Deno.readFile(`${folder}/out`);
}

Deno.test("one file comes out of an archive, byte for byte and executable for its owner", () =>
  inScratch(async (folder) => {
    assert.deepEqual(await unpack(folder, await tarGz(files), "etcd-v3/etcd"), big);
    assert.equal((await Deno.stat(`${folder}/out`)).mode! & 0o777, 0o700);
  }));

Deno.test("a path that needs the header's prefix is found, and an empty file is one", async () => {
  await inScratch(async (folder) => {
    assert.deepEqual(await unpack(folder, await tarGz(files), deep), new Uint8Array([1, 2, 3]));
  });
  await inScratch(async (folder) => {
    assert.equal((await unpack(folder, await tarGz(files), "etcd-v3/etcdctl")).length, 0);
  });
});

Deno.test("an archive without the file is told, and makes none", () =>
  inScratch(async (folder) => {
    await assert.rejects(
      unpack(folder, await tarGz(files), "etcd"),
      (error) => error instanceof SlipwayError && /there is no etcd in it/.test(error.message),
    );
    await assert.rejects(Deno.stat(`${folder}/out`), Deno.errors.NotFound);
  }));

Deno.test("an archive that ends early gives an error, not half a program", () =>
  inScratch(async (folder) => {
    const whole = await tarGz(files);
    await assert.rejects(unpack(folder, whole.subarray(0, whole.length >> 1), "etcd-v3/etcd"));
  }));

Deno.test("GNU tar's archives are read", () =>
  inScratch(async (folder) => {
    await Deno.mkdir(`${folder}/in/bin`, { recursive: true });
    await Deno.writeFile(`${folder}/in/bin/helm`, big);
    await new Deno.Command("tar", {
      args: ["-czf", `${folder}/gnu.tar.gz`, "-C", `${folder}/in`, "bin/helm"],
    }).output();
    assert.deepEqual(
      await unpack(folder, await Deno.readFile(`${folder}/gnu.tar.gz`), "bin/helm"),
      big,
    );
  }));
