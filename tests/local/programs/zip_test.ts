import assert from "node:assert/strict";
import { extractZipMember } from "../../../lib/local/programs/zip.ts";
import { inScratch } from "../scratch.ts";
import { zipOf } from "../zip.ts";

const big = crypto.getRandomValues(new Uint8Array(60_001));
const files = [
  { name: "LICENSE.txt", bytes: new TextEncoder().encode("words ".repeat(1000)) },
  { name: "vault", bytes: big },
  { name: "vault-stored", bytes: big.slice(0, 999), stored: true },
];

async function unpack(folder: string, archive: Uint8Array, member: string): Promise<Uint8Array> {
  await Deno.writeFile(`${folder}/a.zip`, archive);
  await extractZipMember(`${folder}/a.zip`, member, `${folder}/out`);
  return await Deno.readFile(`${folder}/out`);
}

Deno.test("one file comes out of a zip archive, byte for byte and executable for its owner", () =>
  inScratch(async (folder) => {
    assert.deepEqual(await unpack(folder, await zipOf(files, "a comment"), "vault"), big);
    assert.equal((await Deno.stat(`${folder}/out`)).mode! & 0o777, 0o700);
  }));

Deno.test("a file that a zip archive only stores comes out too", () =>
  inScratch(async (folder) => {
    assert.deepEqual(await unpack(folder, await zipOf(files), "vault-stored"), big.slice(0, 999));
  }));

Deno.test("a zip archive without the file is told, and makes none", () =>
  inScratch(async (folder) => {
    await assert.rejects(
      unpack(folder, await zipOf(files), "vaul"),
      /there is no vaul in it/,
    );
    await assert.rejects(Deno.stat(`${folder}/out`), Deno.errors.NotFound);
  }));

Deno.test("a zip archive that was cut is told, wherever it was cut", async () => {
  const whole = await zipOf(files);
  for (const bytes of [0, 10, whole.length >> 1, whole.length - 1]) {
    await inScratch(async (folder) => {
      await assert.rejects(
        unpack(folder, whole.subarray(0, bytes), "vault"),
        /it has no central directory/,
      );
    });
  }
});
