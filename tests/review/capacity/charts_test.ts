import assert from "node:assert/strict";
import type { Charts } from "../../../lib/platform/types.ts";
import { chartDemands } from "../../../lib/review/capacity/charts.ts";

const resources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};

function demands(charts: Charts) {
  return chartDemands({ charts }).map(({ object, least, most, needs, volumes }) => ({
    name: object.name,
    pods: [least, most],
    cpu: needs.requests.cpu,
    volumes: volumes.map(({ size }) => size),
  }));
}

Deno.test("a chart needs what the platform sets of its parts, each with its replicas", () => {
  assert.deepEqual(
    demands({
      "argo-cd": {
        namespace: "argocd",
        via: "k3s",
        values: { server: { replicas: 2, resources }, repoServer: { replicas: 2 } },
      },
      "cert-manager": { namespace: "cert-manager", via: "k3s", values: { resources } },
    }),
    [
      { name: "argo-cd.server", pods: [2, 2], cpu: 0.1, volumes: [] },
      // Its controller, webhook and CA injector.
      { name: "cert-manager", pods: [3, 3], cpu: 0.1, volumes: [] },
    ],
  );
});

Deno.test("an autoscaler's bounds and a volume of a chart count", () => {
  const autoscaling = { minReplicas: 3, maxReplicas: 10, cpuUtilizationPercent: 70 };
  const [ingress] = demands({
    "ingress-nginx": { namespace: "ingress", via: "k3s", values: { autoscaling, resources } },
  });
  assert.deepEqual(ingress?.pods, [3, 10]);
  const storage = { storageClass: "longhorn", size: "100Gi" };
  const [harbor] = demands({
    harbor: { namespace: "cicd", via: "k3s", values: { storage } as never },
  });
  assert.deepEqual(harbor?.volumes, ["100Gi"]);
});
