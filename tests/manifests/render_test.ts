import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../lib/core/errors.ts";
import type { Platform } from "../../lib/platform/types.ts";
import { render } from "../../manifests/components/render.ts";
import { samplePlatform, sampleWorkload } from "../platform/sample_platform.ts";
import { namesOf } from "./find.ts";

const platform = samplePlatform({
  namespaces: { shop: { podSecurity: "restricted" }, lab: { podSecurity: "baseline" } },
  workloads: {
    web: sampleWorkload(),
    api: sampleWorkload({ serviceAccount: "api", services: { api: { ports: { http: 80 } } } }),
    test: sampleWorkload({ namespace: "lab", services: {} }),
  },
  externalServices: {
    postgres: { namespace: "shop", addresses: ["10.0.0.1"], ports: { postgres: 5432 } },
  },
});

Deno.test("render() labels each object with its manager, platform and inventory", () => {
  for (const { metadata } of render(platform)) {
    assert.equal(metadata.labels?.["app.kubernetes.io/managed-by"], "slipway");
    assert.equal(metadata.labels?.["app.kubernetes.io/part-of"], "demo");
    assert.equal(metadata.labels?.["slipway.dev/inventory"], "demo.test");
  }
});

Deno.test("render() gives the same bytes in whatever order the platform is written", () => {
  const wanted = JSON.stringify(render(platform));
  const order = fc.shuffledSubarray(Object.keys(platform), {
    minLength: Object.keys(platform).length,
  });
  const workloads = fc.shuffledSubarray(Object.keys(platform.workloads), { minLength: 3 });
  fc.assert(fc.property(order, workloads, (sections, names) => {
    const shuffled = Object.fromEntries(
      sections.map((section) => [section, platform[section as keyof Platform]]),
    ) as unknown as Platform;
    shuffled.workloads = Object.fromEntries(
      names.map((name) => [name, platform.workloads[name]!]),
    );
    assert.equal(JSON.stringify(render(shuffled)), wanted);
  }));
});

Deno.test("render() puts namespaces first, and no undefined field anywhere", () => {
  const manifests = render(platform);
  assert.deepEqual(manifests.slice(0, 2).map(({ kind }) => kind), ["Namespace", "Namespace"]);
  assert.deepEqual(JSON.parse(JSON.stringify(manifests)), manifests);
});

Deno.test("render() does not make namespaces that are somebody else's", () => {
  const namespaces: Platform["namespaces"] = { "kube-system": { existing: true } };
  assert.deepEqual(namesOf(render(samplePlatform({ namespaces })), "Namespace"), []);
});

Deno.test("render() refuses two parts that would make one object, and names it", () => {
  const workloads = { web: sampleWorkload(), api: sampleWorkload({ serviceAccount: "api" }) };
  assert.throws(
    () => render(samplePlatform({ workloads })),
    (error: unknown) =>
      error instanceof UsageError &&
      error.message.includes("Service shop/web would be made by two"),
  );
});

Deno.test("render() refuses a platform that a script put together wrongly", () => {
  const workloads = { web: sampleWorkload({ envFromSecrets: ["nowhere"] }) };
  assert.throws(
    () => render(samplePlatform({ workloads })),
    (error: unknown) =>
      error instanceof UsageError &&
      error.message.includes("workloads.web.envFromSecrets[0]: no secret in namespace shop"),
  );
});

Deno.test("render() marks what the platform says is shared, and nothing else", () => {
  const platform = samplePlatform({
    namespaces: { shop: { podSecurity: "restricted" }, edge: { podSecurity: "baseline" } },
    shared: ["Namespace/edge"],
  });
  const marks = render(platform).map(({ metadata: { name, annotations } }) => [
    name,
    annotations?.["slipway.dev/shared"],
  ]);
  assert.deepEqual(marks, [["edge", "true"], ["shop", undefined]]);
});
