import assert from "node:assert/strict";
import { SlipwayError } from "../../../lib/core/errors.ts";
import { StatusError } from "../../../lib/core/status_error.ts";
import { KindNotServed } from "../../../lib/kube/client/kind_not_served.ts";
import { configMap, json, status, withFakeApi } from "../fake_api.ts";

const query = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop" };
const ref = { ...query, name: "a" };

Deno.test("get() returns the object", () =>
  withFakeApi(
    ({ path }) =>
      path === "/api/v1/namespaces/shop/configmaps/a" ? json(configMap("a", "5")) : undefined,
    async ({ client }) => assert.deepEqual(await client.get(ref), configMap("a", "5")),
  ));

Deno.test("get() is undefined for an object that is missing, and throws for a kind that went away", () =>
  withFakeApi(
    ({ path }) =>
      path.endsWith("/a")
        ? status(404, "NotFound", { details: { name: "a", kind: "configmaps" } })
        : undefined,
    async ({ client }) => {
      assert.equal(await client.get(ref), undefined);
      await assert.rejects(client.get({ ...ref, name: "b" }), KindNotServed);
    },
  ));

Deno.test("get() of a kind that is not served names it, its CRD, and the versions that are", () =>
  withFakeApi(() => undefined, async ({ client, api }) => {
    await assert.rejects(
      client.get({
        apiVersion: "traefik.io/v1alpha1",
        kind: "IngressRoute",
        namespace: "shop",
        name: "a",
      }),
      (error) => {
        assert.ok(error instanceof KindNotServed);
        assert.equal(
          error.message,
          "Cannot get IngressRoute shop/a: the server does not serve IngressRoute of traefik.io/v1alpha1",
        );
        assert.match(
          error.remedy!,
          /CustomResourceDefinition of IngressRoute in the group traefik\.io/,
        );
        return true;
      },
    );
    await assert.rejects(
      client.get({
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        namespace: "shop",
        name: "a",
      }),
      /of this group it serves cert-manager\.io\/v1beta1/,
    );
    assert.equal(api.requests.length, 0);
  }));

Deno.test("get() refuses a namespaced kind without a namespace, and the reverse", () =>
  withFakeApi(() => undefined, async ({ client, api }) => {
    await assert.rejects(
      client.get({ apiVersion: "v1", kind: "ConfigMap", name: "a" }),
      /ConfigMap a has no namespace/,
    );
    await assert.rejects(
      client.get({ apiVersion: "v1", kind: "Namespace", namespace: "shop", name: "a" }),
      /Namespace of v1 is cluster-scoped, found the namespace "shop"/,
    );
    assert.equal(api.requests.length, 0);
  }));

Deno.test("list() reads all pages, and gives each object its apiVersion and kind", () =>
  withFakeApi(
    ({ path, query }) =>
      !path.endsWith("/configmaps") ? undefined : json({
        metadata: { resourceVersion: "7", continue: query.has("continue") ? "" : "page-2" },
        items: [{ metadata: { name: query.get("continue") ?? "page-1" } }],
      }),
    async ({ client, api }) => {
      const { items, resourceVersion } = await client.list({
        ...query,
        labelSelector: "app in (a,b)",
      });
      assert.deepEqual(items, [
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "page-1" } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "page-2" } },
      ]);
      assert.equal(resourceVersion, "7");
      assert.deepEqual(
        api.requests.map(({ query }) => [query.get("limit"), query.get("labelSelector")]),
        [["500", "app in (a,b)"], ["500", "app in (a,b)"]],
      );
    },
  ));

Deno.test("list() starts over without pages when the continue token expired", () =>
  withFakeApi(
    ({ path, query }) => {
      if (!path.endsWith("/configmaps")) return undefined;
      if (query.has("continue")) return status(410, "Expired");
      return json({
        metadata: { resourceVersion: "9", continue: query.has("limit") ? "old" : "" },
        items: [{ metadata: { name: "a" } }, { metadata: { name: "b" } }],
      });
    },
    async ({ client, api }) => {
      const { items } = await client.list(query);
      assert.deepEqual(items.map(({ metadata }) => metadata.name), ["a", "b"]);
      assert.deepEqual(api.requests.map(({ query }) => query.get("limit")), ["500", "500", null]);
    },
  ));

Deno.test("list() of all namespaces and of an empty list works", () =>
  withFakeApi(
    ({ path }) =>
      path === "/apis/apps/v1/deployments"
        ? json({ metadata: { resourceVersion: "1" }, items: null })
        : undefined,
    async ({ client }) => {
      assert.deepEqual(await client.list({ apiVersion: "apps/v1", kind: "Deployment" }), {
        items: [],
        resourceVersion: "1",
      });
    },
  ));

Deno.test("an answer that is no JSON is quoted", () =>
  withFakeApi(
    ({ path }) => path.endsWith("/a") ? new Response("<h1>Please log in</h1>") : undefined,
    async ({ client }) => {
      await assert.rejects(
        client.get(ref),
        (error) =>
          error instanceof SlipwayError && /"Please log in", wanted JSON/.test(error.message),
      );
    },
  ));

Deno.test("read() returns the text, and fails with the server's words", () =>
  withFakeApi(
    ({ path }) =>
      path === "/readyz" ? new Response("ok") : new Response("[-]etcd failed\n", { status: 500 }),
    async ({ client }) => {
      assert.equal(await client.read("/readyz"), "ok");
      await assert.rejects(client.read("/livez"), (error) =>
        error instanceof StatusError &&
        error.message === "Cannot read /livez: [-]etcd failed (HTTP 500)");
    },
  ));

Deno.test("a closed client fails, and close() may be called twice", () =>
  withFakeApi(() => undefined, async ({ client }) => {
    client.close();
    client.close();
    await assert.rejects(client.read("/readyz"), /Cannot read \/readyz: the client is closed/);
    assert.throws(
      () => client.watch(query, { signal: new AbortController().signal }),
      /Cannot watch ConfigMap in shop: the client is closed/,
    );
  }));

Deno.test("objects with their own names reach their own paths", () =>
  withFakeApi(
    ({ path }) => path.startsWith("/api/") ? json(configMap("x")) : undefined,
    async ({ client, api }) => {
      await client.get({ ...ref, name: "a/b?c" });
      assert.equal(api.requests[0]!.path, "/api/v1/namespaces/shop/configmaps/a%2Fb%3Fc");
      await assert.rejects(client.get({ ...ref, name: ".." }), /Cannot use "\.\." as a name/);
    },
  ));
