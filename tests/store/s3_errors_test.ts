import assert from "node:assert/strict";
import { StoreError } from "../../lib/store/errors.ts";
import { s3Error } from "../../lib/store/s3_errors.ts";

function told(message: string, endpoint: string): StoreError {
  const attempt = { tried: "list s3://backups", bucket: "backups", endpoint, actions: [] };
  const error = s3Error(new TypeError(message), attempt);
  assert.ok(error instanceof StoreError);
  return error;
}

const sending = "fetch failed: error sending request for url (https://db.test/?prefix=a%2Fb): ";

Deno.test("a store that does not answer is told by its endpoint and the cause alone", () => {
  const error = told(`${sending}client error (Connect): connection refused`, "https://db.test");
  assert.equal(
    error.message,
    "Cannot list s3://backups: https://db.test does not answer: connection refused",
  );
});

Deno.test("a store without TLS that is asked by https:// is told as that", () => {
  const error = told(
    `${sending}client error (Connect): received corrupt message of type InvalidContentType`,
    "https://db.test",
  );
  assert.match(error.message, /https:\/\/db\.test does not speak TLS$/);
  assert.match(error.remedy ?? "", /http:\/\/…/);
});

Deno.test("a store on a cluster, asked from outside, has the remedy that helps there", () => {
  const cause = `${sending}client error (Connect): dns error: failed to lookup address information`;
  assert.match(told(cause, "http://minio.shop.svc:9000").remedy ?? "", /port-forward/);
  assert.match(told(cause, "https://minio.example.org").remedy ?? "", /correct the endpoint/);
});
