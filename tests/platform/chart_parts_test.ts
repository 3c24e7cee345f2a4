import assert from "node:assert/strict";
import { declaredServices } from "../../lib/platform/declared.ts";
import { endsOf } from "../../lib/platform/ends.ts";
import { samplePlatform } from "./sample_platform.ts";

const platform = samplePlatform({
  charts: {
    "argo-cd": { namespace: "argocd", via: "k3s", values: {} },
    traefik: { namespace: "kube-system", via: "k3s", values: {} },
  },
});

Deno.test("flows may name a chart, whose pods are found by its labels", () => {
  const ends = endsOf(platform).filter(([, { what }]) => what === "chart");
  assert.deepEqual(ends, [["argo-cd", {
    namespace: "argocd",
    podLabels: { "app.kubernetes.io/part-of": "argocd" },
    ports: { http: { port: 8080 }, repository: { port: 8081 }, redis: { port: 6379 } },
    what: "chart",
    path: ["charts", "argo-cd"],
  }]]);
});

Deno.test("routes may name the Services of a chart", () => {
  assert.deepEqual(declaredServices(platform), [
    { namespace: "argocd", name: "argocd-server", ports: [80, 443] },
  ]);
});
