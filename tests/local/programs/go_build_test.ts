import assert from "node:assert/strict";
import {
  goBuild,
  goDownload,
  GoUnusable,
  isNewEnough,
  parseGoVersion,
} from "../../../lib/local/programs/go_build.ts";
import { inScratch, writeScript } from "../scratch.ts";
import { testProgram } from "../upstream.ts";

Deno.test("versions of Go are compared by number, not by letter", () => {
  assert.deepEqual(parseGoVersion("go1.26.8"), [1, 26]);
  assert.equal(parseGoVersion("devel"), undefined);
  assert.ok(isNewEnough("go1.26.8", "1.26.0"));
  assert.ok(isNewEnough("go1.100.0", "1.26.0"));
  assert.ok(isNewEnough("go2.0", "1.26.0"));
  assert.ok(!isNewEnough("go1.9.7", "1.26.0"));
});

async function buildWith(goSays: string): Promise<unknown> {
  let thrown: unknown;
  await inScratch(async (folder) => {
    await Deno.mkdir(`${folder}/hello`);
    await Deno.writeTextFile(
      `${folder}/hello/go.mod`,
      "module example.invalid/hello\n\ngo 1.26.0\n",
    );
    await writeScript(`${folder}/go`, goSays);
    try {
      await goBuild(testProgram(""), {
        modulesDir: folder,
        folder,
        signal: new AbortController().signal,
        env: (name) => name === "PATH" ? `${folder}:/bin:/usr/bin` : undefined,
        progress: () => {},
      });
    } catch (error) {
      thrown = error;
    }
  });
  return thrown;
}

Deno.test("a Go that is too old and may not fetch another is refused, with both versions", async () => {
  const error = await buildWith("go1.21.3\nlocal");
  assert.ok(error instanceof GoUnusable);
  assert.match(error.message, /go1\.21\.3.*1\.26\.0.*GOTOOLCHAIN=local/);
  assert.match(error.remedy!, /install Go 1\.26\.0/);
});

Deno.test("a Go that is too old but fetches the right one by itself is let", async () => {
  assert.equal(await buildWith("go1.21.3\nauto"), undefined);
});

Deno.test("what a build needs is asked for ahead of it, and a Go that fails then is the build's own matter", () =>
  inScratch(async (folder) => {
    await Deno.mkdir(`${folder}/hello`);
    const script = `#!/bin/sh\necho "$PWD $@" >> '${folder}/asked'\nexit 1\n`;
    await Deno.writeTextFile(`${folder}/go`, script, { mode: 0o755 });
    const options = (path: string) => ({
      modulesDir: folder,
      signal: new AbortController().signal,
      env: (name: string) => name === "PATH" ? path : undefined,
    });
    await goDownload(testProgram(""), options(`${folder}:/bin:/usr/bin`));
    assert.match(
      await Deno.readTextFile(`${folder}/asked`),
      /\/hello list -mod=readonly -deps .* \S+\n$/,
    );
    await goDownload(testProgram(""), options(`${folder}/nowhere`));
  }));
