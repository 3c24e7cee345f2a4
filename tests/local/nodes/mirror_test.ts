import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/core/object.ts";
import { mirror } from "../../../lib/local/nodes/mirror.ts";
import { createFakeClient } from "../../kube/fake_client.ts";

const query = { apiVersion: "v1", kind: "ConfigMap" };

function configMap(name: string, mode = "a"): KubeObject {
  return { ...query, metadata: { name, namespace: "shop" }, data: { mode } };
}

function follow(objects: KubeObject[]) {
  const client = createFakeClient(objects);
  const ending = new AbortController();
  const failures: string[] = [];
  let changed = Promise.withResolvers<void>();
  const view = mirror<KubeObject, string>(client, query, {
    signal: ending.signal,
    view: (object) => {
      const { mode } = object["data"] as { mode: string };
      return mode === "hidden" ? undefined : mode;
    },
    changed: () => {
      changed.resolve();
      changed = Promise.withResolvers();
    },
    failed: (message) => failures.push(message),
    sleep: () => Promise.resolve(),
  });
  const until = async (holds: () => boolean) => {
    while (!holds()) await changed.promise;
  };
  return { client, ending, failures, view, until };
}

Deno.test("a mirror shows what exists once it is synced, and what changes after", async () => {
  const { client, ending, view, until } = follow([configMap("one"), configMap("two", "b")]);
  await view.synced;
  assert.deepEqual([...view.values()].sort(), ["a", "b"]);
  client.set(configMap("one", "c"));
  await until(() => view.get("shop", "one") === "c");
  client.remove({ ...query, namespace: "shop", name: "two" });
  await until(() => view.get("shop", "two") === undefined);
  ending.abort();
});

Deno.test("an object that is of no interest any more leaves the mirror", async () => {
  const { client, ending, view, until } = follow([configMap("one")]);
  await view.synced;
  client.set(configMap("one", "hidden"));
  await until(() => view.get("shop", "one") === undefined);
  ending.abort();
});

Deno.test("a mirror gets over a watch that ends early, and notices what has gone meanwhile", async () => {
  const { client, ending, failures, view, until } = follow([configMap("one"), configMap("two")]);
  await view.synced;
  client.fail(/^watch ConfigMap/, new Error("connection lost"));
  client.remove({ ...query, namespace: "shop", name: "one" });
  client.set(configMap("three"));
  client.fail(/^watch ConfigMap/, undefined);
  await until(() => view.get("shop", "three") !== undefined);
  await until(() => view.get("shop", "one") === undefined);
  assert.equal(view.get("shop", "two"), "a");
  assert.match(failures[0] ?? "", /^Watching ConfigMap objects ended early: connection lost$/);
  ending.abort();
});

Deno.test("what a write has answered shows at once, and an older answer does not undo what the watch told", async () => {
  const { client, ending, view, until } = follow([configMap("one")]);
  await view.synced;
  const answer = { ...client.set(configMap("one", "b")) };
  await until(() => view.get("shop", "one") === "b");
  client.set(configMap("one", "c"));
  await until(() => view.get("shop", "one") === "c");
  view.put(answer);
  assert.equal(view.get("shop", "one"), "c");
  view.put({ ...configMap("new"), metadata: { ...configMap("new").metadata, uid: "1" } });
  assert.equal(view.get("shop", "new"), "a");
  ending.abort();
});
