import assert from "node:assert/strict";
import { collectionPath, objectPath, withQuery } from "../../../lib/kube/client/paths.ts";

const pods = { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true, verbs: [] };
const classes = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  plural: "storageclasses",
  namespaced: false,
  verbs: [],
};

Deno.test("paths follow group, scope and subresource", () => {
  assert.equal(collectionPath(pods, undefined), "/api/v1/pods");
  assert.equal(collectionPath(pods, "shop"), "/api/v1/namespaces/shop/pods");
  assert.equal(
    objectPath(pods, { namespace: "shop", name: "web" }, "eviction"),
    "/api/v1/namespaces/shop/pods/web/eviction",
  );
  assert.equal(
    objectPath(classes, { name: "local-path" }),
    "/apis/storage.k8s.io/v1/storageclasses/local-path",
  );
});

Deno.test("a namespace that does not fit the kind is refused", () => {
  assert.throws(() => objectPath(pods, { name: "web" }), /Pod web has no namespace/);
  assert.throws(
    () => collectionPath(classes, "shop"),
    /cluster-scoped, found the namespace "shop"/,
  );
});

Deno.test("names cannot lead to another path", () => {
  assert.equal(
    objectPath(classes, { name: "a/../b" }),
    "/apis/storage.k8s.io/v1/storageclasses/a%2F..%2Fb",
  );
  for (const name of ["", ".", ".."]) {
    assert.throws(() => objectPath(classes, { name }), /Cannot use/);
  }
});

Deno.test("a query leaves out what is undefined, and escapes the rest", () => {
  assert.equal(withQuery("/x", { a: undefined }), "/x");
  assert.equal(
    withQuery("/x", { labelSelector: "a in (b,c)", limit: 5 }),
    "/x?labelSelector=a+in+%28b%2Cc%29&limit=5",
  );
});
