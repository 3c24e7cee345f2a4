import assert from "node:assert/strict";
import { join } from "node:path";
import type { MinioBucket } from "../../../lib/platform/types.ts";
import { bucketSettings } from "../../../manifests/components/data/minio_buckets.ts";
import { sampleMinio } from "../../platform/sample_data.ts";

/** Stands for MinIO's client: writes down what it is asked to do, and what it reads where it reads. */
const client = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2" in "alias set" | "ilm rule") sed 's/^/  < /' >> "$CALLS" ;; esac
`;

/** Run the script of the Job with a client that writes down its calls. */
async function callsFor(buckets: Record<string, MinioBucket>): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-buckets-" });
  try {
    const { data } = bucketSettings(sampleMinio({ buckets }));
    for (const [file, text] of Object.entries(data)) {
      await Deno.writeTextFile(join(folder, file), text.replaceAll("/config/", `${folder}/`));
    }
    await Deno.mkdir(join(folder, "bin"));
    await Deno.writeTextFile(join(folder, "bin", "mc"), client, { mode: 0o755 });
    const calls = join(folder, "calls");
    const { code, stderr } = await new Deno.Command("sh", {
      args: [join(folder, "make.sh")],
      clearEnv: true,
      env: {
        PATH: `${folder}/bin:/usr/bin:/bin`,
        CALLS: calls,
        ENDPOINT: "http://objects:9000",
        ROOT_USER: "root",
        ROOT_PASSWORD: "a secret",
      },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return (await Deno.readTextFile(calls)).trimEnd().split("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const plain: MinioBucket = { purpose: "ML models", versioning: false, objectLock: false };

Deno.test("the buckets' script gives the client its keys where nobody sees them", async () => {
  const calls = await callsFor({ models: plain });
  assert.deepEqual(calls.slice(0, 3), [
    "alias set store http://objects:9000",
    "  < root",
    "  < a secret",
  ]);
});

Deno.test("the buckets' script makes a bucket that may be there already, and says what it is for", async () => {
  assert.deepEqual((await callsFor({ models: plain })).slice(3), [
    "mb --ignore-existing store/models",
    "tag set store/models purpose=ML models",
  ]);
});

Deno.test("the buckets' script replaces all rules of a bucket by those of now", async () => {
  const calls = await callsFor({ backups: { ...plain, keepForDays: 30, versioning: true } });
  const start = calls.indexOf("ilm rule import store/backups");
  const rules = JSON.parse(calls[start + 1]!.slice("  < ".length));
  assert.deepEqual(rules.Rules[0].Expiration, { Days: 30 });
  assert.deepEqual(rules.Rules[0].NoncurrentVersionExpiration, { NoncurrentDays: 30 });
  assert.ok(calls.includes("version enable store/backups"));
});

Deno.test("the buckets' script locks objects from the bucket's beginning, and bounds it in bytes", async () => {
  const calls = await callsFor({ archive: { ...plain, objectLock: true, quota: "1Gi" } });
  assert.ok(calls.includes("mb --ignore-existing --with-lock store/archive"));
  assert.ok(calls.includes("quota set store/archive --size 1073741824"));
});

Deno.test("the buckets' script goes through all buckets", async () => {
  const calls = await callsFor({ one: { ...plain, keepForDays: 1 }, two: plain });
  assert.deepEqual(
    calls.filter((call) => call.startsWith("mb ")),
    ["mb --ignore-existing store/one", "mb --ignore-existing store/two"],
  );
});
