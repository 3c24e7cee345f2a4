import assert from "node:assert/strict";
import { SlipwayError, UsageError } from "../../../lib/core/errors.ts";
import { openBackupStore, recipientsOf, sourceOf } from "../../../lib/flows/backup/place.ts";
import { testContext } from "../../context.ts";
import {
  backedUpPlatform,
  sampleBackups,
  sampleJob,
  sampleStore,
} from "../../platform/sample_backups.ts";

const variables: Record<string, string> = {
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
};
const context = testContext({ env: (name: string) => variables[name], cwd: "/home/ana" });
const offsite = sampleStore({ bucket: "far-away", prefix: "vaults", onThisCluster: undefined });
const subject = "vaults/main";
const ana = "age15a98mwyh8lxrhlejxc0y05r68tygxktmkej6k0x7jmmgyxandezqzf353h";
const bob = "age1jjg22czmu7hj9ks34nvtg6tvjkjz88zuysphngzwrjv0rlq82exsahtmp9";

async function urlOf(
  backups: Parameters<typeof sampleBackups>[0],
  store?: string,
): Promise<string> {
  const platform = backedUpPlatform(sampleBackups(backups));
  return (await openBackupStore({ store }, { platform, subject }, context)).url;
}

Deno.test("backups go where the command line says: to a URL, a folder, or a store of the platform", async () => {
  const stores = { minio: sampleStore(), offsite };
  assert.equal(await urlOf({ stores }, "s3://elsewhere/x"), "s3://elsewhere/x");
  assert.equal(await urlOf({ stores }, "kept"), "file:///home/ana/kept");
  assert.equal(await urlOf({ stores }, "offsite"), "s3://far-away/vaults");
});

Deno.test("else they go where the platform's job puts them, or to its only store", async () => {
  const stores = { minio: sampleStore(), offsite };
  const jobs = { nightly: sampleJob({ store: "offsite", covers: [subject] }) };
  assert.equal(await urlOf({ stores, jobs }), "s3://far-away/vaults");
  assert.equal(await urlOf({ stores: { offsite } }), "s3://far-away/vaults");
});

Deno.test("which of several stores is meant is not guessed", async () => {
  await assert.rejects(
    urlOf({ stores: { minio: sampleStore(), offsite } }),
    (error) =>
      error instanceof UsageError && /has the stores minio and offsite/.test(error.message),
  );
  await assert.rejects(urlOf({ stores: {} }), /has no stores/);
});

Deno.test("the key of a platform's store comes from the environment, else from the cluster", async () => {
  const platform = backedUpPlatform(sampleBackups({ stores: { offsite } }));
  const none = testContext({ env: () => undefined, cwd: "/home/ana" });
  await assert.rejects(
    openBackupStore({ kubeconfig: "/nonexistent/kubeconfig" }, { platform, subject }, none),
    (error) =>
      error instanceof SlipwayError &&
      /^Cannot open the store offsite: the environment has no AWS_ACCESS_KEY_ID, and the cluster/
        .test(error.message) &&
      /AWS_SECRET_ACCESS_KEY.* or name the cluster with --kubeconfig/.test(error.remedy ?? ""),
  );
  // A URL is nobody's store of the platform, so no Secret has its key.
  await assert.rejects(
    openBackupStore({ store: "s3://elsewhere/x" }, { platform, subject }, none),
    /the environment has no AWS_ACCESS_KEY_ID$/,
  );
});

Deno.test("backups are for those that the command line names, else for the platform's holders", () => {
  const platform = backedUpPlatform(sampleBackups({ holders: { ana, bob } }));
  assert.deepEqual(recipientsOf({}, platform), [ana, bob]);
  assert.deepEqual(recipientsOf({ recipient: [bob, bob] }, platform), [bob]);
});

Deno.test("a backup for nobody is refused, and so is one for a malformed recipient", () => {
  const platform = backedUpPlatform(sampleBackups({ holders: undefined }));
  assert.throws(() => recipientsOf({}, platform), /Refused to back up secrets in the clear/);
  assert.throws(() => recipientsOf({ recipient: ["age1nobody"] }, platform), UsageError);
});

Deno.test("data without secrets is stored in the clear where the platform or the command line accepts it", () => {
  const mayBePlain = true;
  const open = backedUpPlatform(
    sampleBackups({ holders: undefined, unencrypted: "nothing personal in it" }),
  );
  assert.deepEqual(recipientsOf({}, open, { mayBePlain }), []);
  assert.throws(() => recipientsOf({}, open), /Refused to back up secrets in the clear/);
  assert.deepEqual(recipientsOf({ unencrypted: true }, undefined, { mayBePlain }), []);
  assert.deepEqual(recipientsOf({ recipient: [bob] }, open, { mayBePlain }), [bob]);
  assert.throws(
    () => recipientsOf({ unencrypted: true, recipient: [bob] }, undefined),
    /Refused to back up secrets in the clear, as --unencrypted asks for/,
  );
  assert.throws(() => recipientsOf({}, undefined, { mayBePlain }), /nobody is named/);
});

Deno.test("environments of one platform have backups of their own", () => {
  const of = (environment: string) => sourceOf({ name: "shop", environment }, "vault", "main");
  assert.deepEqual(of("prod"), { kind: "vault", scope: "shop-prod", name: "main" });
  assert.notDeepEqual(of("prod"), of("staging"));
});
