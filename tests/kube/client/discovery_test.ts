import assert from "node:assert/strict";
import { StatusError } from "../../../lib/core/status_error.ts";
import { createDiscovery } from "../../../lib/kube/client/discovery.ts";
import { aggregated, configMap, json, withFakeApi } from "../fake_api.ts";

Deno.test("many operations at once share one discovery", () =>
  withFakeApi(
    ({ path }) => path.startsWith("/api/") ? json(configMap("a")) : undefined,
    async ({ client, api }) => {
      await Promise.all(Array.from({ length: 20 }, (_, i) => client.apply(configMap(`c-${i}`))));
      assert.deepEqual(api.discoveries.toSorted(), ["/api", "/apis"]);
    },
  ));

Deno.test("resourceType() tells how a kind is served", () =>
  withFakeApi(() => undefined, async ({ client }) => {
    assert.deepEqual(await client.resourceType("apps/v1", "Deployment"), {
      apiVersion: "apps/v1",
      kind: "Deployment",
      plural: "deployments",
      namespaced: true,
      verbs: ["get", "list", "watch", "patch"],
    });
    assert.equal((await client.resourceType("v1", "Namespace"))?.namespaced, false);
    assert.equal(await client.resourceType("apps/v1", "Nonsense"), undefined);
  }));

Deno.test("a kind that was missing is looked for again after a moment, and after forgetDiscovery()", async () => {
  const world = discoveryWorld();
  assert.equal(await world.discovery.find("x.dev/v1", "Widget"), undefined);
  world.serve("x.dev", "Widget");
  assert.equal(await world.discovery.find("x.dev/v1", "Widget"), undefined);
  assert.equal(world.fetches(), 2);
  world.advance(1_000);
  assert.equal((await world.discovery.find("x.dev/v1", "Widget"))?.plural, "widgets");
  assert.equal(world.fetches(), 4);

  world.serve("y.dev", "Gadget");
  world.discovery.forget();
  assert.equal((await world.discovery.find("y.dev/v1", "Gadget"))?.plural, "gadgets");
});

Deno.test("callers who miss the same kind at once cause one refresh", async () => {
  const world = discoveryWorld();
  await world.discovery.find("v1", "Pod");
  world.advance(5_000);
  await Promise.all(Array.from({ length: 10 }, () => world.discovery.find("x.dev/v1", "Widget")));
  assert.equal(world.fetches(), 4);
});

Deno.test("a failed discovery is not kept", async () => {
  const world = discoveryWorld();
  world.fail(new Error("down"));
  await assert.rejects(world.discovery.find("x.dev/v1", "Widget"), /down/);
  world.fail(undefined);
  world.serve("x.dev", "Widget");
  assert.equal((await world.discovery.find("x.dev/v1", "Widget"))?.kind, "Widget");
});

Deno.test("a group whose own API server does not answer is not called missing", async () => {
  const world = discoveryWorld();
  world.serve("metrics.k8s.io", undefined, "Stale");
  await assert.rejects(
    world.discovery.find("metrics.k8s.io/v1", "PodMetrics"),
    /the API server behind metrics\.k8s\.io\/v1 does not answer/,
  );
});

Deno.test("servers without aggregated discovery are asked for each group version once", async () => {
  const asked: string[] = [];
  const discovery = createDiscovery({
    fetch(path) {
      asked.push(path);
      if (path === "/apis/apps/v1") {
        const resources = [
          { name: "deployments/scale", kind: "Scale", namespaced: true },
          { name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] },
        ];
        return Promise.resolve({
          text: JSON.stringify({ resources }),
          contentType: "application/json",
        });
      }
      if (path === "/api" || path === "/apis") {
        return Promise.resolve({ text: "{}", contentType: "application/json" });
      }
      return Promise.reject(new StatusError("discover", { code: 404 }));
    },
  });
  assert.equal((await discovery.find("apps/v1", "Deployment"))?.plural, "deployments");
  assert.equal(await discovery.find("apps/v1", "Scale"), undefined);
  assert.equal(await discovery.find("x.dev/v1", "Widget"), undefined);
  assert.deepEqual(asked.toSorted(), ["/api", "/apis", "/apis/apps/v1", "/apis/x.dev/v1"]);
});

/** Discovery of a server that changes, by a clock that the test moves. */
function discoveryWorld() {
  let now = 0;
  let fetches = 0;
  let failure: Error | undefined;
  const items: unknown[] = [];
  const discovery = createDiscovery({
    clockMs: () => now,
    fetch(path) {
      fetches++;
      if (failure !== undefined) return Promise.reject(failure);
      return Promise.resolve({
        text: JSON.stringify({ items: path === "/apis" ? items : [] }),
        contentType: aggregated(path).headers.get("content-type")!,
      });
    },
  });
  return {
    discovery,
    fetches: () => fetches,
    advance: (ms: number) => void (now += ms),
    fail: (error: Error | undefined) => void (failure = error),
    serve(group: string, kind: string | undefined, freshness = "Current") {
      const resources = kind === undefined ? [] : [{
        resource: `${kind.toLowerCase()}s`,
        responseKind: { kind },
        scope: "Namespaced",
        verbs: ["get"],
      }];
      items.push({
        metadata: { name: group },
        versions: [{ version: "v1", freshness, resources }],
      });
    },
  };
}
