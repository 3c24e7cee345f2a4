import assert from "node:assert/strict";
import { namespace } from "../../../manifests/components/guard/namespace.ts";
import { bounds } from "../../../manifests/components/guard/quota.ts";
import { find } from "../find.ts";

Deno.test("namespace() carries its own labels and its tenant's domain beside Pod Security's", () => {
  const [made] = namespace("acme", {
    podSecurity: "restricted",
    labels: { team: "acme" },
    domain: "acme.example.org",
  });
  assert.deepEqual(made!.metadata.labels, {
    team: "acme",
    "slipway.dev/domain": "acme.example.org",
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "latest",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/audit-version": "latest",
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/warn-version": "latest",
  });
});

Deno.test("namespace() lets no label of the platform weaken Pod Security", () => {
  const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
  const [made] = namespace("acme", { podSecurity: "restricted", labels });
  assert.equal(made!.metadata.labels!["pod-security.kubernetes.io/enforce"], "restricted");
});

Deno.test("bounds() makes nothing where nothing is bounded", () => {
  assert.deepEqual(bounds("shop", { podSecurity: "restricted" }), []);
});

Deno.test("bounds() makes a ResourceQuota of exactly what is given", () => {
  const manifests = bounds("shop", {
    podSecurity: "restricted",
    quota: {
      requests: { cpu: "4", memory: "8Gi" },
      limits: { memory: "16Gi" },
      pods: 30,
      storage: "100Gi",
      loadBalancers: 0,
    },
  });
  assert.deepEqual(find(manifests, "ResourceQuota", "shop/quota").spec, {
    hard: {
      "requests.cpu": "4",
      "requests.memory": "8Gi",
      "limits.memory": "16Gi",
      pods: "30",
      "requests.storage": "100Gi",
      "services.loadbalancers": "0",
    },
  });
});

Deno.test("bounds() makes a LimitRange for containers, and one for claims only where it is asked for", () => {
  const limits = { default: { memory: "256Mi" }, defaultRequest: { cpu: "50m" } };
  const [range] = bounds("shop", { podSecurity: "restricted", limits });
  assert.deepEqual(range!["spec"], {
    limits: [{
      type: "Container",
      default: { memory: "256Mi" },
      defaultRequest: { cpu: "50m" },
    }],
  });
  const [claims] = bounds("shop", { podSecurity: "restricted", limits: { maxStorage: "20Gi" } });
  assert.deepEqual(claims!["spec"], {
    limits: [{ type: "PersistentVolumeClaim", max: { storage: "20Gi" } }],
  });
});
