import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { createRedactor } from "../../../lib/core/redact.ts";
import { tokenFileCredentials } from "../../../lib/kube/connection/auth_token_file.ts";
import { json, status, withFakeApi } from "../fake_api.ts";

const start = Temporal.Instant.from("2026-11-21T12:00:00Z");

/** A token file that the test rewrites, with a clock that it moves. */
function tokenFile(first: string | Error) {
  let content = first;
  let now = start;
  let reads = 0;
  const redactor = createRedactor();
  const credentials = tokenFileCredentials({
    path: "/run/token",
    redactor,
    now: () => now,
    readFile() {
      reads++;
      return content instanceof Error ? Promise.reject(content) : Promise.resolve(content);
    },
  });
  return {
    credentials,
    redactor,
    reads: () => reads,
    write: (text: string | Error) => void (content = text),
    advance: (seconds: number) => void (now = now.add({ seconds })),
    token: async () => (await credentials.current()).authorization,
  };
}

Deno.test("a token file is read again after a minute, not with each request", async () => {
  const file = tokenFile("one\n");
  assert.equal(await file.token(), "Bearer one");
  file.write("two\n");
  file.advance(59);
  assert.equal(await file.token(), "Bearer one");
  assert.equal(file.reads(), 1);
  file.advance(1);
  assert.equal(await file.token(), "Bearer two");
});

Deno.test("requests that come at once read the file once", async () => {
  const file = tokenFile("one");
  await Promise.all(Array.from({ length: 20 }, () => file.token()));
  assert.equal(file.reads(), 1);
});

Deno.test("a token that was refused is read again, and an unchanged one is the same credential", async () => {
  const file = tokenFile("one");
  const refused = await file.credentials.current();
  assert.equal(file.credentials.renew(refused), true);
  assert.equal(await file.credentials.current(), refused);
  file.write("two");
  file.credentials.renew(refused);
  assert.equal(await file.token(), "Bearer two");
  assert.equal(file.reads(), 3);
});

Deno.test("a file that vanishes for a moment leaves the known token in use", async () => {
  const file = tokenFile("one");
  await file.token();
  file.write(new Deno.errors.NotFound("gone"));
  file.advance(61);
  assert.equal(await file.token(), "Bearer one");
});

Deno.test("a token file that cannot be read or is empty is an error with a remedy", async () => {
  await assert.rejects(
    tokenFile(new Deno.errors.NotFound("no such file")).token(),
    (error) =>
      error instanceof SlipwayError &&
      error.message === "Cannot read the token file /run/token: no such file" &&
      error.remedy !== undefined,
  );
  await assert.rejects(tokenFile(" \n").token(), /Cannot read the token file .*empty/);
});

Deno.test("tokens from a file are hidden from texts", async () => {
  const file = tokenFile("s3cr3t-token");
  await file.token();
  assert.ok(!file.redactor.redact("Bearer s3cr3t-token").includes("s3cr3t-token"));
});

Deno.test("a client picks a rotated token up when the server refuses the old one", () => {
  const file = tokenFile("old");
  return withFakeApi(
    ({ headers }) =>
      headers.get("authorization") === "Bearer new"
        ? json({ status: { allowed: true } })
        : status(401, "Unauthorized"),
    async ({ client, api }) => {
      await file.token();
      file.write("new");
      const question = { verb: "get", group: "", resource: "pods" };
      assert.equal(await client.mayI(question), true);
      assert.equal(api.requests.length, 2);
    },
    { connection: { credentials: file.credentials } },
  );
});
