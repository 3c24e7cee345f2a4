import assert from "node:assert/strict";
import { SlipwayError } from "../../lib/core/errors.ts";
import { freePort, isFree } from "../../lib/local/ports.ts";
import { readState, settleState, statePath } from "../../lib/local/state.ts";
import { inScratch } from "./scratch.ts";

const now = Temporal.Instant.from("2026-11-21T06:00:00Z");

Deno.test("a new cluster gets an id and a free port, and keeps both", () =>
  inScratch(async (folder) => {
    assert.equal(await readState(folder), undefined);
    const first = await settleState(folder, false, now);
    assert.ok(isFree(first.port));
    assert.deepEqual(await settleState(folder, false, now.add({ hours: 1 })), first);
    assert.deepEqual(await readState(folder), first);
    assert.equal((await Deno.stat(statePath(folder))).mode! & 0o777, 0o600);
  }));

Deno.test("a port that another program took is replaced, and all else stays", () =>
  inScratch(async (folder) => {
    const first = await settleState(folder, false, now);
    using _taken = Deno.listen({ hostname: "127.0.0.1", port: first.port });
    const second = await settleState(folder, false, now);
    assert.notEqual(second.port, first.port);
    assert.deepEqual({ ...second, port: first.port }, first);
  }));

Deno.test("a port is kept while the cluster's own API server is what listens there", () =>
  inScratch(async (folder) => {
    const first = await settleState(folder, false, now);
    using _own = Deno.listen({ hostname: "127.0.0.1", port: first.port });
    assert.deepEqual(await settleState(folder, true, now), first);
  }));

Deno.test("a damaged state is not guessed at: the error names the file and reset", () =>
  inScratch(async (folder) => {
    for (const text of ["", "{", "[]", '{"version":2,"id":"a","port":1,"createdAt":"x"}']) {
      await Deno.writeTextFile(statePath(folder), text);
      await assert.rejects(
        readState(folder),
        (error) =>
          error instanceof SlipwayError && error.message.includes(statePath(folder)) &&
          error.remedy!.includes("cluster reset"),
      );
    }
  }));

Deno.test("a free port is one that can be listened on", () => {
  const port = freePort();
  Deno.listen({ hostname: "127.0.0.1", port }).close();
  assert.ok(port > 1023);
});
