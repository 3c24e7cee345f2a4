import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { readNamedBytes, writeNamedFile } from "../../../lib/flows/seal/files.ts";

async function refused(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (error) => error);
  assert.ok(error instanceof UsageError, String(error));
  assert.ok(error.remedy, "it has no remedy");
  return error.message;
}

Deno.test("readNamedBytes() says what is wrong with a path, each with its remedy", async () => {
  const cwd = await Deno.makeTempDir({ prefix: "slipway-files-" });
  try {
    assert.match(await refused(readNamedBytes("nope", { cwd })), /nope: there is no such file/);
    assert.match(await refused(readNamedBytes(".", { cwd })), /it is a folder, wanted a file/);
    assert.match(
      await refused(writeNamedFile("nope/a", "", { cwd })),
      /nope\/a: its folder does not exist/,
    );
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test({
  name: "what Deno keeps out of reach is told as that, not as a permission to be granted",
  permissions: { read: true, write: true },
  fn: async () => {
    const where = { cwd: "/" };
    assert.match(await refused(readNamedBytes("/dev/stdin", where)), /a file of the system/);
    assert.match(await refused(writeNamedFile("/proc/x", "", where)), /Cannot write \/proc\/x/);
  },
});
