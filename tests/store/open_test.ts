import assert from "node:assert/strict";
import { join } from "node:path";
import { UsageError } from "../../lib/core/errors.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import { openStore } from "../../lib/store/open.ts";
import { s3Address } from "../../lib/store/s3_address.ts";
import { startFakeS3 } from "./fake_s3.ts";

const world = (environment: Record<string, string> = {}) => ({
  env: (name: string) => environment[name],
  cwd: "/home/ana/shop",
  redactor: createRedactor(),
});

Deno.test("openStore() takes folders, from where it was called", async () => {
  assert.equal((await openStore("keys", world())).url, "file:///home/ana/shop/keys");
  assert.equal((await openStore("/srv/keys", world())).url, "file:///srv/keys");
  assert.equal((await openStore("file:///srv/my%20keys", world())).url, "file:///srv/my%20keys");
});

Deno.test("openStore() refuses what is no store", async () => {
  for (const url of ["", "https://example.org/x", "gs://bucket", "file://host/x"]) {
    await assert.rejects(openStore(url, world()), UsageError, url);
  }
});

Deno.test("openStore() asks for the credentials that lack", async () => {
  const access = { AWS_ACCESS_KEY_ID: "key" };
  await assert.rejects(openStore("s3://backups", world()), /has no AWS_ACCESS_KEY_ID/);
  await assert.rejects(openStore("s3://backups", world(access)), /has no AWS_SECRET_ACCESS_KEY/);
});

Deno.test("openStore() tells of an endpoint in the environment that has no scheme", async () => {
  const environment = {
    ...{ AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" },
    AWS_ENDPOINT_URL_S3: "minio.test:9000",
  };
  await assert.rejects(openStore("s3://backups", world(environment)), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /AWS_ENDPOINT_URL_S3 is no http:\/\/ or https:\/\/ URL/);
    return true;
  });
});

Deno.test("openStore() reads credentials from files, and redacts them", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using s3 = startFakeS3();
    await Deno.writeTextFile(join(folder, "key"), "the-key\n");
    await Deno.writeTextFile(join(folder, "secret"), "the-secret\n");
    const from = {
      ...world({
        AWS_ACCESS_KEY_ID_FILE: "key",
        AWS_SECRET_ACCESS_KEY_FILE: "secret",
        AWS_ENDPOINT_URL_S3: s3.endpoint,
      }),
      cwd: folder,
    };
    const store = await openStore("s3://backups/shop", from);
    await store.list("");
    assert.match(s3.requests[0]!.headers.get("authorization")!, /Credential=the-key\//);
    assert.equal(from.redactor.redact("it is the-secret"), "it is ********");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openStore() tells of a file that it cannot read", async () => {
  const environment = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY_FILE: "/nowhere/secret" };
  await assert.rejects(
    openStore("s3://backups", world(environment)),
    /Cannot read the file that AWS_SECRET_ACCESS_KEY_FILE names/,
  );
});

Deno.test("an address has bucket, prefix, endpoint, region and style", () => {
  assert.deepEqual(
    s3Address("s3://backups/a%20b/c/?endpoint=https://s3.example.org/&region=eu&pathStyle=false"),
    {
      bucket: "backups",
      prefix: "a b/c",
      endpoint: "https://s3.example.org",
      region: "eu",
      pathStyle: false,
    },
  );
  assert.deepEqual(s3Address("s3://backups"), { bucket: "backups", prefix: "" });
  assert.deepEqual(s3Address("s3://backups?region=eu", { region: "us", endpoint: "http://x" }), {
    bucket: "backups",
    prefix: "",
    endpoint: "http://x",
    region: "eu",
  });
});

Deno.test("an address with credentials is refused without showing them", () => {
  for (
    const url of [
      "s3://key:hunter2@backups/x",
      "s3://backups/x?secret=hunter2",
      "s3://backups/x?secret-hunter2",
      "s3://b/hunter3?region=x&hunter2=1",
    ]
  ) {
    assert.throws(() => s3Address(url), (error) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.doesNotMatch(error.message.replace(/the parameter ".*?"/, ""), /hunter2/);
      return true;
    });
  }
});

Deno.test("an address that is malformed is refused", () => {
  for (
    const url of [
      "s3://",
      "s3://b",
      "s3://backups?endpoint=example.org",
      "s3://backups?pathStyle=maybe",
      "s3://backups?regoin=eu",
    ]
  ) {
    assert.throws(() => s3Address(url), UsageError, url);
  }
});
