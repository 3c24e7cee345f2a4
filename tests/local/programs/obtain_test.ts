import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import { ChecksumMismatch } from "../../../lib/core/checksum.ts";
import { obtainPrograms } from "../../../lib/local/programs/obtain.ts";
import type { Program } from "../../../lib/local/programs/program.ts";
import { filesBelow, inScratch, sha256, writeScript } from "../scratch.ts";
import { startUpstream, testProgram, type Upstream } from "../upstream.ts";

const text = "#!/bin/sh\necho hello v1.2.3\n";
const bytes = new TextEncoder().encode(text);
const nobody = "http://127.0.0.1:1";

interface World {
  folder: string;
  events: SlipwayEvent[];
  obtain: (program: Program, env?: Record<string, string>) => Promise<string>;
}

/** A cache, a PATH and a module of the test's own; Go is the machine's where `env.PATH` says so. */
async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  await inScratch(async (folder) => {
    for (const name of ["bin", "modules/hello"]) {
      await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    }
    await Deno.writeTextFile(
      `${folder}/modules/hello/go.mod`,
      "module example.invalid/hello\n\ngo 1.20\n",
    );
    await Deno.writeTextFile(
      `${folder}/modules/hello/main.go`,
      'package main\n\nimport "os"\n\nvar version = "none"\n\nfunc main() { os.Stdout.WriteString("hello " + version + "\\n") }\n',
    );
    const events: SlipwayEvent[] = [];
    await test({
      folder,
      events,
      async obtain(program, env = {}) {
        const variables: Record<string, string> = { PATH: `${folder}/bin`, ...env };
        const paths = await obtainPrograms([program], {
          cacheDir: `${folder}/cache`,
          modulesDir: `${folder}/modules`,
          platform: { os: "linux", arch: "amd64" },
          env: (name) => variables[name],
          emit: (event) => events.push(event),
          signal: new AbortController().signal,
          now: () => Temporal.Now.instant(),
        });
        return paths[program.name]!;
      },
    });
  });
}

async function offer(upstream: Upstream, prefix = ""): Promise<void> {
  const sum = await sha256(bytes);
  upstream.answers.set(`${prefix}/v1.2.3/hello`, () => new Response(bytes));
  upstream.answers.set(`${prefix}/v1.2.3/hello.sha256`, () => new Response(sum));
}

const cached = "bin/hello/v1.2.3/hello";

Deno.test("what is in the cache is taken, and nothing else is looked at or told", () =>
  inWorld(async ({ folder, events, obtain }) => {
    await Deno.mkdir(`${folder}/cache/bin/hello/v1.2.3`, { recursive: true });
    await writeScript(`${folder}/cache/${cached}`, "anything");
    assert.equal(await obtain(testProgram(nobody)), `${folder}/cache/${cached}`);
    assert.deepEqual(events, []);
  }));

Deno.test("a program in PATH is taken when it says exactly the pinned version", () =>
  inWorld(async ({ folder, obtain }) => {
    await writeScript(`${folder}/bin/hello`, "hello v1.2.3");
    assert.equal(await obtain(testProgram(nobody)), `${folder}/bin/hello`);
  }));

Deno.test("a program of another version in PATH gives way to the release", () =>
  inWorld(async ({ folder, obtain }) => {
    await using upstream = startUpstream();
    await offer(upstream);
    await writeScript(`${folder}/bin/hello`, "hello v1.2.30");
    assert.equal(await obtain(testProgram(upstream.url)), `${folder}/cache/${cached}`);
    assert.equal(await Deno.readTextFile(`${folder}/cache/${cached}`), text);
    assert.equal((await Deno.stat(`${folder}/cache/${cached}`)).mode! & 0o777, 0o755);
  }));

Deno.test("a second run takes from the cache what the first one downloaded", () =>
  inWorld(async ({ obtain, events }) => {
    await using upstream = startUpstream();
    await offer(upstream);
    const first = await obtain(testProgram(upstream.url));
    const asked = upstream.asked.length;
    events.length = 0;
    assert.equal(await obtain(testProgram(upstream.url)), first);
    assert.equal(upstream.asked.length, asked);
    assert.deepEqual(events, []);
  }));

Deno.test("a mirror is asked instead of upstream, below the name of upstream's host", () =>
  inWorld(async ({ folder, obtain }) => {
    await using mirror = startUpstream();
    await offer(mirror, "/files/dl.example.invalid");
    const env = { SLIPWAY_MIRROR: `${mirror.url}/files` };
    const path = await obtain(testProgram("https://dl.example.invalid"), env);
    assert.equal(path, `${folder}/cache/${cached}`);
    assert.ok(mirror.asked.every((each) => each.startsWith("/files/dl.example.invalid/")));
  }));

Deno.test("a wrong checksum ends the run: Go is not tried, and the cache stays empty", () =>
  inWorld(async ({ folder, obtain }) => {
    await using upstream = startUpstream();
    await offer(upstream);
    upstream.answers.set("/v1.2.3/hello.sha256", () => new Response("0".repeat(64)));
    const env = { PATH: Deno.env.get("PATH")! };
    await assert.rejects(obtain(testProgram(upstream.url), env), ChecksumMismatch);
    assert.deepEqual(await filesBelow(`${folder}/cache`), ["bin/hello/v1.2.3/lock"]);
  }));

Deno.test("what cannot be downloaded is built from its pinned module", () =>
  inWorld(async ({ folder, events, obtain }) => {
    const path = await obtain(testProgram(nobody), { PATH: Deno.env.get("PATH")! });
    const { stdout } = await new Deno.Command(path).output();
    assert.equal(new TextDecoder().decode(stdout), "hello v1.2.3\n");
    assert.deepEqual(await filesBelow(`${folder}/cache`), [
      cached,
      "bin/hello/v1.2.3/lock",
      "durations.json",
    ]);
    const details = events.flatMap((event) => event.type === "stage" ? [event.detail ?? ""] : []);
    assert.ok(
      details.some((detail) => detail.startsWith("build hello v1.2.3")),
      details.join("\n"),
    );
  }));

Deno.test("a build says how long it took last time", () =>
  inWorld(async ({ folder, events, obtain }) => {
    await Deno.mkdir(`${folder}/cache`);
    const known = JSON.stringify({ "build hello v1.2.3": 190_000 });
    await Deno.writeTextFile(`${folder}/cache/durations.json`, known);
    await obtain(testProgram(nobody), { PATH: Deno.env.get("PATH")!, SLIPWAY_MIRROR: "off" });
    const details = events.flatMap((event) => event.type === "stage" ? [event.detail ?? ""] : []);
    assert.ok(details.includes("build hello v1.2.3, which took 3 min 10 s last time"));
  }));

Deno.test("a build that fails shows the compiler's words and leaves nothing behind", () =>
  inWorld(async ({ folder, obtain }) => {
    await Deno.writeTextFile(
      `${folder}/modules/hello/main.go`,
      "package main\n\nfunc main() { x }\n",
    );
    await assert.rejects(
      obtain(testProgram(nobody), { PATH: Deno.env.get("PATH")!, SLIPWAY_MIRROR: "off" }),
      (error) =>
        error instanceof SlipwayError && /Cannot build hello v1\.2\.3/.test(error.message) &&
        /undefined: x/.test(error.message),
    );
    assert.deepEqual(await filesBelow(`${folder}/cache`), ["bin/hello/v1.2.3/lock"]);
  }));

Deno.test("a program that is nowhere to be had: the error names all that was tried", () =>
  inWorld(async ({ folder, obtain }) => {
    await writeScript(`${folder}/bin/hello`, "hello v9");
    await assert.rejects(obtain(testProgram(nobody)), (error) => {
      assert.ok(error instanceof SlipwayError);
      assert.match(error.message, /Cannot get hello v1\.2\.3:/);
      assert.match(error.message, /PATH: .*bin\/hello is not v1\.2\.3, it says: hello v9/);
      assert.match(error.message, /release: http:\/\/127\.0\.0\.1:1\/v1\.2\.3\/hello\.sha256: /);
      assert.match(error.message, /Go: Go is not installed/);
      assert.match(error.remedy!, /install Go .*SLIPWAY_MIRROR/);
      return true;
    });
  }));
