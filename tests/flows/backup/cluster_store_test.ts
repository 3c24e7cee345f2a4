import assert from "node:assert/strict";
import { SlipwayError, UsageError } from "../../../lib/core/errors.ts";
import type { KubeObject, ObjectRef } from "../../../lib/core/object.ts";
import { openPlatformStore } from "../../../lib/flows/backup/cluster_store.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { startFakeS3 } from "../../store/fake_s3.ts";
import { testContext } from "../../context.ts";

const base64 = (data: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, new TextEncoder().encode(value).toBase64()]),
  );

const platform = (endpoint: string) =>
  ({
    name: "shop",
    minio: {},
    backups: {
      stores: {
        offsite: {
          bucket: "backups",
          region: "us-east-1",
          endpoint,
          secrets: { velero: "velero-store", shop: "backup-store" },
        },
      },
    },
  }) as unknown as Platform;

function cluster(secrets: Record<string, Record<string, string>>) {
  return {
    client: {
      get: <T extends KubeObject>({ namespace, name }: ObjectRef) => {
        const data = secrets[`${namespace}/${name}`];
        return Promise.resolve(data && { data: base64(data) } as unknown as T);
      },
    },
  };
}

/** The id of the key by which a request was signed. */
const signedBy = (headers: Headers | undefined) =>
  /Credential=([^/]+)/.exec(headers?.get("authorization") ?? "")?.[1];

Deno.test("openPlatformStore() takes keys from the Secret, not from the environment, and redacts them", async () => {
  await using s3 = startFakeS3();
  const keys = { AWS_ACCESS_KEY_ID: "of-cluster", AWS_SECRET_ACCESS_KEY: "cluster-secret" };
  const env: Record<string, string> = { AWS_ACCESS_KEY_ID: "mine", AWS_SESSION_TOKEN: "mine" };
  const context = testContext({ env: (name) => env[name] });
  const session = cluster({ "shop/backup-store": keys });
  const store = await openPlatformStore("offsite", platform(s3.endpoint), session, context);
  await store.list("");
  store.close?.();
  const [request] = s3.requests;
  assert.equal(signedBy(request?.headers), "of-cluster");
  assert.equal(request?.headers.get("x-amz-security-token"), null);
  assert.ok(!context.redactor.redact("a cluster-secret b").includes("cluster-secret"));
});

Deno.test("openPlatformStore() reads the credentials file that Velero has", async () => {
  await using s3 = startFakeS3();
  const cloud = "[default]\naws_access_key_id = of-velero\naws_secret_access_key=velero-secret\n";
  const session = cluster({ "velero/velero-store": { cloud } });
  const store = await openPlatformStore("offsite", platform(s3.endpoint), session, testContext());
  await store.list("");
  store.close?.();
  assert.equal(signedBy(s3.requests[0]?.headers), "of-velero");
});

Deno.test("openPlatformStore() tells which Secrets it looked at, and what to do", async () => {
  const session = cluster({ "velero/velero-store": { other: "x" } });
  await assert.rejects(
    openPlatformStore("offsite", platform("http://127.0.0.1:1"), session, testContext()),
    (error) => {
      assert.ok(error instanceof SlipwayError, String(error));
      assert.match(error.message, /velero\/velero-store has neither .* nor cloud/);
      assert.match(error.message, /shop\/backup-store is not there/);
      assert.match(error.remedy ?? "", /AWS_ACCESS_KEY_ID/);
      return true;
    },
  );
  await assert.rejects(
    openPlatformStore("other", platform("http://127.0.0.1:1"), session, testContext()),
    UsageError,
  );
});
