import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { operatorPods } from "../../../lib/review/operators/operators.ts";

const gateway: Manifest = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: "shared-gateway", namespace: "shop" },
  spec: { gatewayClassName: "envoy" },
};

const byK3s: Manifest = {
  apiVersion: "helm.cattle.io/v1",
  kind: "HelmChart",
  metadata: { name: "envoy-gateway", namespace: "kube-system" },
  spec: { chart: "oci://docker.io/envoyproxy/gateway-helm", targetNamespace: "gateways" },
};

const byArgoCd: Manifest = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "envoy-gateway", namespace: "argocd" },
  spec: { source: { chart: "gateway-helm" }, destination: { namespace: "edge" } },
};

const namespacesOf = (...manifests: Manifest[]) =>
  operatorPods(manifests).map(({ namespace }) => namespace);

Deno.test("pods of a gateway are where its controller is, whoever installs that", () => {
  assert.deepEqual(namespacesOf(gateway, byK3s), ["gateways"]);
  assert.deepEqual(namespacesOf(gateway, byArgoCd), ["edge"]);
});

Deno.test("pods of a gateway are where its controller usually is when nobody says", () => {
  assert.deepEqual(namespacesOf(gateway), ["envoy-gateway-system"]);
});
