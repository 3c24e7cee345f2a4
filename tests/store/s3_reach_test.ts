import assert from "node:assert/strict";
import { reachS3 } from "../../lib/store/s3_reach.ts";
import { testContext } from "../context.ts";

const keys: Record<string, string> = {
  AWS_ACCESS_KEY_ID: "id-of-key",
  AWS_SECRET_ACCESS_KEY: "secret-of-key",
};

const urlOf = async (url: string, name = "a/b%25.zip", env: Record<string, string> = {}) => {
  const context = testContext({ env: (variable) => ({ ...keys, ...env })[variable] });
  return (await reachS3(url, {}, context)).urlOf(name);
};

Deno.test("an object's URL has the bucket in the path at an endpoint, and in the host at AWS", async () => {
  assert.equal(
    await urlOf("s3://backups/shop?endpoint=http://minio.data.svc:9000/"),
    "http://minio.data.svc:9000/backups/shop/a/b%2525.zip",
  );
  assert.equal(
    await urlOf("s3://backups?region=eu-central-1"),
    "https://backups.s3.eu-central-1.amazonaws.com/a/b%2525.zip",
  );
  assert.equal(
    await urlOf("s3://backups/x?pathStyle=false", "n", { AWS_ENDPOINT_URL: "https://garage:3900" }),
    "https://backups.garage:3900/x/n",
  );
});

Deno.test("a folder is nothing that another system could reach", async () => {
  await assert.rejects(reachS3("/mnt/usb", {}, testContext()), { message: /it is none of S3/ });
});
