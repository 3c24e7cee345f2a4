import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import { StoreError } from "../../lib/store/errors.ts";
import { openStore } from "../../lib/store/open.ts";
import type { Store } from "../../lib/store/store.ts";
import { bytesOf, storeRules, streamOf } from "../store/suite.ts";
import { type MinioProcess, startMinio } from "./minio_process.ts";

function storeAt(
  { endpoint, env }: MinioProcess,
  path: string,
  changed: Record<string, string | undefined> = {},
): Promise<Store> {
  const variables: Record<string, string | undefined> = { ...env, ...changed };
  return openStore(`s3://${path}?endpoint=${endpoint}`, {
    env: (name) => variables[name],
    cwd: "/",
    redactor: createRedactor(),
  });
}

Deno.test("a bucket of a real MinIO is a store as any other", async (t) => {
  await using minio = await startMinio({ tls: true });
  let count = 0;
  for (const { sentence, check } of storeRules({ largeBytes: 20 * 1024 * 1024 })) {
    await t.step(sentence, async () => {
      const prefix = `rules/${count++}`;
      const store = await storeAt(minio, `backups/${prefix}`);
      await check({
        store,
        leftovers: async () =>
          (await Promise.all(
            ["name", "large"].map((name) => minio.unfinished(`${prefix}/${name}`)),
          )).flat(),
        async [Symbol.asyncDispose]() {},
      });
      store.close?.();
    });
  }

  const refusals: [string, () => Promise<Store>, RegExp, RegExp][] = [
    [
      "a bucket that is not there",
      () => storeAt(minio, "nowhere"),
      /has no bucket nowhere/,
      /make the bucket/,
    ],
    [
      "an access key that it does not know",
      () => storeAt(minio, "backups", { AWS_ACCESS_KEY_ID: "somebody" }),
      /does not know this access key/,
      /AWS_ACCESS_KEY_ID/,
    ],
    [
      "a secret key of another access key",
      () => storeAt(minio, "backups", { AWS_SECRET_ACCESS_KEY: "wrong" }),
      /secret key does not belong/,
      /both of one pair/,
    ],
    [
      "a session token that is none",
      () => storeAt(minio, "backups", { AWS_SESSION_TOKEN: "wrong" }),
      /session token is not valid/,
      /AWS_SESSION_TOKEN/,
    ],
    [
      "an authority that is not trusted",
      () => storeAt(minio, "backups", { AWS_CA_BUNDLE: undefined }),
      /certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted/,
      /AWS_CA_BUNDLE/,
    ],
  ];
  for (const [what, open, message, remedy] of refusals) {
    await t.step(`${what} is told with its remedy`, async () => {
      const store = await open();
      const tries = [
        () => store.put("a", streamOf([bytesOf(10)])),
        () => store.get("a"),
        () => store.list(""),
      ];
      for (const attempt of tries) {
        await assert.rejects(attempt(), (error) => {
          assert.ok(error instanceof StoreError, String(error));
          assert.match(error.message, message);
          assert.match(error.remedy ?? "", remedy);
          return true;
        });
      }
      store.close?.();
    });
  }
});
