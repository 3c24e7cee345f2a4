import assert from "node:assert/strict";
import { render } from "../../../manifests/components/render.ts";
import { find } from "../find.ts";
import { sampleEdges } from "./sample_edges.ts";

const manifests = render(sampleEdges("traefik"));

function containerOf(name: string) {
  return find(manifests, "Deployment", name).spec.template.spec.containers[0];
}

function environmentOf(name: string): Record<string, string | undefined> {
  return Object.fromEntries(
    containerOf(name).env.map(({ name, value }: { name: string; value?: string }) => [name, value]),
  );
}

Deno.test("oauth2Proxy() lets in members of an organization's teams, and named users", () => {
  const env = environmentOf("edge/gate");
  assert.equal(env["OAUTH2_PROXY_PROVIDER"], "github");
  assert.equal(env["OAUTH2_PROXY_GITHUB_ORG"], "example");
  assert.equal(env["OAUTH2_PROXY_GITHUB_TEAM"], "ops");
  assert.equal(env["OAUTH2_PROXY_GITHUB_USERS"], "octocat");
});

Deno.test("oauth2Proxy() has its secrets by reference only", () => {
  const { env } = containerOf("edge/gate");
  const secret = env.filter(({ name }: { name: string }) => /SECRET|CLIENT_ID/.test(name));
  assert.equal(secret.length, 3);
  for (const { name, value, valueFrom } of secret) {
    assert.equal(value, undefined);
    assert.deepEqual(valueFrom.secretKeyRef, { name: "gate-credentials", key: name });
  }
});

Deno.test("oauth2Proxy() stands in front of its service, at its hosts, in two pods", () => {
  const env = environmentOf("shop/grafana-gate");
  assert.equal(env["OAUTH2_PROXY_UPSTREAMS"], "http://dashboard.shop.svc:3000");
  assert.equal(env["OAUTH2_PROXY_REDIRECT_URL"], "https://grafana.example.org/oauth2/callback");
  assert.equal(find(manifests, "Deployment", "shop/grafana-gate").spec.replicas, 2);
  const [rule] = find(manifests, "IngressRoute", "shop/grafana-gate").spec.routes;
  assert.equal(rule.match, "Host(`grafana.example.org`)");
  assert.deepEqual(rule.services, [{ name: "grafana-gate", port: 80 }]);
});

Deno.test("oauth2Proxy() that is only asked answers as all controllers want it", () => {
  // nginx and Traefik take any 2xx for a yes, Envoy nothing but 200.
  assert.equal(environmentOf("edge/gate")["OAUTH2_PROXY_UPSTREAMS"], "static://200");
  assert.equal(environmentOf("edge/gate")["OAUTH2_PROXY_WHITELIST_DOMAINS"], ".example.org");
});
