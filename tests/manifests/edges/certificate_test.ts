import assert from "node:assert/strict";
import { render } from "../../../manifests/components/render.ts";
import { find } from "../find.ts";
import { sampleEdges } from "./sample_edges.ts";

const manifests = render(sampleEdges("traefik"));

Deno.test("issuer() shows control by HTTP where requests come in, whichever controller takes them", () => {
  const solver = (controller: "traefik" | "nginx" | "envoy-gateway") =>
    find(render(sampleEdges(controller)), "ClusterIssuer", "letsencrypt").spec.acme.solvers[0]
      .http01;
  assert.deepEqual(solver("traefik"), { ingress: { ingressClassName: "traefik" } });
  assert.deepEqual(solver("nginx"), { ingress: { ingressClassName: "nginx" } });
  const [parent] = solver("envoy-gateway").gatewayHTTPRoute.parentRefs;
  assert.deepEqual(
    [parent.kind, parent.namespace, parent.name, parent.sectionName],
    ["Gateway", "edge", "envoy", "http"],
  );
});

Deno.test("issuer() shows control by DNS with a token of Cloudflare, for its zones", () => {
  const [solver] = find(manifests, "ClusterIssuer", "wildcards").spec.acme.solvers;
  assert.deepEqual(solver, {
    dns01: { cloudflare: { apiTokenSecretRef: { name: "cloudflare", key: "token" } } },
    selector: { dnsZones: ["example.org"] },
  });
});

Deno.test("issuer() logs in to Vault by a service account's token, and keeps no token of its own", () => {
  assert.deepEqual(find(manifests, "ClusterIssuer", "pki").spec.vault, {
    server: "https://vault.vault.svc:8200",
    path: "pki/sign/backend",
    auth: {
      kubernetes: {
        role: "cert-manager",
        mountPath: "/v1/auth/kubernetes",
        serviceAccountRef: { name: "cert-manager" },
      },
    },
  });
});

Deno.test("an issuer that logs in to Vault without naming an account has one of its own, whose tokens cert-manager may ask for", () => {
  const platform = sampleEdges("traefik");
  const { serviceAccount: _, ...vault } = platform.issuers["pki"]!.vault!;
  const issuers = { mtls: { namespace: "shop", vault } };
  const rendered = render({ ...platform, issuers: { ...platform.issuers, ...issuers } });
  assert.deepEqual(
    find(rendered, "Issuer", "shop/mtls").spec.vault.auth.kubernetes.serviceAccountRef,
    { name: "mtls" },
  );
  assert.equal(find(rendered, "ServiceAccount", "shop/mtls").automountServiceAccountToken, false);
  assert.deepEqual(find(rendered, "Role", "shop/mtls").rules, [{
    apiGroups: [""],
    resources: ["serviceaccounts/token"],
    resourceNames: ["mtls"],
    verbs: ["create"],
  }]);
  assert.deepEqual(find(rendered, "RoleBinding", "shop/mtls").subjects, [
    { kind: "ServiceAccount", name: "cert-manager", namespace: "cert-manager" },
  ]);
});

Deno.test("issuer() serves one namespace or all, and certificates name it so", () => {
  assert.deepEqual(find(manifests, "Issuer", "shop/own").spec, { ca: { secretName: "root-ca" } });
  assert.equal(find(manifests, "Certificate", "shop/web-mtls").spec.issuerRef.kind, "Issuer");
  assert.deepEqual(find(manifests, "ClusterIssuer", "root").spec, { selfSigned: {} });
  assert.equal(find(manifests, "Certificate", "shop/root-ca").spec.issuerRef.kind, "ClusterIssuer");
});

Deno.test("certificate() is for all names below a domain, renewed 30 days before its end", () => {
  const { dnsNames, renewBefore } = find(manifests, "Certificate", "shop/shop-tls").spec;
  assert.deepEqual(dnsNames, ["example.org", "*.example.org"]);
  assert.equal(renewBefore, "720h");
});

Deno.test("certificate() is for clients too where both ends show one", () => {
  const { usages, duration, renewBefore } = find(manifests, "Certificate", "shop/web-mtls").spec;
  assert.deepEqual(usages.slice(-2), ["server auth", "client auth"]);
  assert.deepEqual([duration, renewBefore], ["720h", "240h"]);
});
