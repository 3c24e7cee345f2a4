import assert from "node:assert/strict";
import { join } from "node:path";
import type { Manifest } from "../../../lib/core/object.ts";
import type { MinioBucket, MinioUser } from "../../../lib/platform/types.ts";
import { bucketJob, bucketSettings } from "../../../manifests/components/data/minio_buckets.ts";
import { sampleMinio } from "../../platform/sample_data.ts";

/** Stands for MinIO's client: writes down what it is asked to do, and what it reads where it reads. */
const client = `#!/bin/sh
echo "$*" >> "$CALLS"
case "$1 $2 $3" in "alias set "* | "ilm rule "* | "admin user add") sed 's/^/  < /' >> "$CALLS" ;; esac
`;

/** Run the script of the Job with a client that writes down its calls. */
async function callsFor(
  buckets: Record<string, MinioBucket>,
  users: Record<string, MinioUser> = {},
): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "slipway-buckets-" });
  try {
    const { data } = bucketSettings(sampleMinio({ buckets, users }));
    for (const [file, text] of Object.entries(data)) {
      const placed = text.replaceAll(
        /\/(config|users)\//g,
        (_all, name) => name === "config" ? `${folder}/` : `${folder}/keys/`,
      );
      await Deno.writeTextFile(join(folder, file), placed);
    }
    for (const user of Object.keys(users)) {
      await Deno.mkdir(join(folder, "keys", user), { recursive: true });
      await Deno.writeTextFile(join(folder, "keys", user, "access-key"), `key of ${user}`);
      await Deno.writeTextFile(join(folder, "keys", user, "secret-key"), "b $ecret");
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
    return (await Deno.readTextFile(calls)).trimEnd().replaceAll(`${folder}/`, "/config/").split(
      "\n",
    );
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

const secret = { name: "api", userKey: "id", passwordKey: "key" };

Deno.test("users are made with keys that nobody sees, and have a policy of their name", async () => {
  const calls = await callsFor({ models: plain }, {
    api: { secret, buckets: { models: "readwrite" } },
    reader: { secret, buckets: { models: "read" } },
  });
  const start = calls.indexOf("admin user add store");
  assert.deepEqual(
    calls.slice(start),
    ["api", "reader"].flatMap((user) => [
      "admin user add store",
      `  < key of ${user}`,
      "  < b $ecret",
      `admin policy create store ${user} /config/${user}.policy`,
      `admin policy attach store ${user} --user key of ${user}`,
    ]),
  );
});

Deno.test("a user's policy has the rights to its buckets, and to no others", () => {
  const { data } = bucketSettings(sampleMinio({
    buckets: { models: plain, images: plain },
    users: {
      api: { secret, buckets: { models: "readwrite" } },
      guest: { secret, buckets: { images: "read" } },
    },
  }));
  const api = JSON.parse(data["api.policy"]!).Statement;
  assert.deepEqual(api.flatMap(({ Resource }: { Resource: string[] }) => Resource), [
    "arn:aws:s3:::models",
    "arn:aws:s3:::models/*",
  ]);
  const actions = (user: string): string[] =>
    JSON.parse(data[`${user}.policy`]!).Statement.flatMap(({ Action }: { Action: string[] }) =>
      Action
    );
  assert.ok(actions("api").includes("s3:PutObject"));
  assert.ok(actions("guest").includes("s3:GetObject"));
  assert.deepEqual(actions("guest").filter((action) => /Put|Delete|Abort|\*/.test(action)), []);
});

Deno.test("the Job mounts the keys of users under the names that the script reads", () => {
  const options = sampleMinio({
    buckets: { models: plain },
    users: { api: { secret, buckets: { models: "read" } } },
  });
  const { spec } = bucketJob("objects", options, "objects-buckets") as Manifest & { spec: JobSpec };
  const { volumes, containers } = spec.template.spec;
  const mount = containers[0]!.volumeMounts.find(({ mountPath }) => mountPath === "/users/api")!;
  assert.deepEqual(volumes.find(({ name }) => name === mount.name)!.secret, {
    secretName: "api",
    defaultMode: 0o440,
    items: [{ key: "id", path: "access-key" }, { key: "key", path: "secret-key" }],
  });
});

interface JobSpec {
  template: {
    spec: {
      volumes: { name: string; secret?: unknown }[];
      containers: { volumeMounts: { name: string; mountPath: string }[] }[];
    };
  };
}
