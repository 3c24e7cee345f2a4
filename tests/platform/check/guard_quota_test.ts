import assert from "node:assert/strict";
import { checkBounds } from "../../../lib/platform/check/guard_quota.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Namespace } from "../../../lib/platform/types.ts";
import { samplePlatform } from "../sample_platform.ts";

function mistakesOf(namespace: Namespace): string[] {
  return checkBounds(samplePlatform({ namespaces: { shop: namespace } }))
    .map(({ path, message }) => `${pathText(path)}: ${message}`);
}

Deno.test("checkBounds() accepts bounds that leave room, whatever their units", () => {
  assert.deepEqual(
    mistakesOf({
      podSecurity: "restricted",
      quota: { requests: { cpu: "4" }, limits: { cpu: "4000m" }, pods: 20 },
      limits: {
        min: { memory: "16Mi" },
        defaultRequest: { cpu: "100m", memory: "64Mi" },
        default: { memory: "0.5Gi" },
        max: { cpu: "2", memory: "512Mi" },
      },
    }),
    [],
  );
});

Deno.test("checkBounds() refuses a quota of limits below that of requests", () => {
  assert.deepEqual(
    mistakesOf({
      podSecurity: "restricted",
      quota: { requests: { cpu: "4", memory: "8Gi" }, limits: { cpu: "3500m", memory: "8192Mi" } },
    }),
    ["namespaces.shop.quota.limits.cpu: 3500m is below requests, expected at least 4"],
  );
});

Deno.test("checkBounds() refuses defaults outside of their bounds", () => {
  assert.deepEqual(
    mistakesOf({
      podSecurity: "restricted",
      limits: {
        min: { cpu: "100m" },
        defaultRequest: { cpu: "50m", memory: "2Gi" },
        max: { cpu: "1", memory: "1Gi" },
      },
    }),
    [
      "namespaces.shop.limits.defaultRequest.cpu: 50m is below min, expected at least 100m",
      "namespaces.shop.limits.max.memory: 1Gi is below defaultRequest, expected at least 2Gi",
    ],
  );
});

Deno.test("checkBounds() refuses labels of a namespace that somebody else makes", () => {
  assert.deepEqual(mistakesOf({ existing: true, domain: "example.org" }), [
    "namespaces.shop.domain: somebody else makes this namespace, expected no labels from here",
  ]);
});
