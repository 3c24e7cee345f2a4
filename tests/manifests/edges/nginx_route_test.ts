import assert from "node:assert/strict";
import { render } from "../../../manifests/components/render.ts";
import { find, namesOf } from "../find.ts";
import { sampleEdges } from "./sample_edges.ts";

const manifests = render(sampleEdges("nginx"));

/** Annotations of an Ingress without ingress-nginx' prefix. */
function annotationsOf(name: string): Record<string, string> {
  const { annotations } = find(manifests, "Ingress", name).metadata;
  return Object.fromEntries(
    Object.entries<string>(annotations).map(([key, value]) => [
      key.replace("nginx.ingress.kubernetes.io/", ""),
      value,
    ]),
  );
}

Deno.test("nginxRoutes() leads each host and path to its service, with the certificate", () => {
  const { ingressClassName, tls, rules } = find(manifests, "Ingress", "shop/web").spec;
  assert.equal(ingressClassName, "nginx");
  const hosts = ["example.org", "www.example.org"];
  assert.deepEqual(tls, [{ hosts, secretName: "shop-tls" }]);
  assert.deepEqual(rules.map(({ host }: { host: string }) => host), hosts);
  const paths = [
    {
      path: "/api",
      pathType: "Prefix",
      backend: { service: { name: "api", port: { number: 7500 } } },
    },
    { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } },
  ];
  for (const { http } of rules) assert.deepEqual(http.paths, paths);
});

Deno.test("nginxRoutes() takes a path away by an Ingress of its own, since the annotation holds for all paths", () => {
  assert.equal(annotationsOf("shop/web-strip-files-v1")["rewrite-target"], "/$2");
  assert.equal("rewrite-target" in annotationsOf("shop/web"), false);
  const [rule] = find(manifests, "Ingress", "shop/web-strip-files-v1").spec.rules;
  const [{ path }] = rule.http.paths;
  assert.equal("/files/v1/a/b".match(new RegExp(`^${path}`))![2], "a/b");
  assert.equal("/files/v1".match(new RegExp(`^${path}`))![2], "");
  assert.equal("/files/v10".match(new RegExp(`^${path}`)), null);
});

Deno.test("nginxRoutes() says rate, origins and body size by annotations", () => {
  const annotations = annotationsOf("shop/web");
  assert.equal(annotations["limit-rpm"], "200");
  // 300 at once are one and a half times the rate; the annotation takes whole numbers.
  assert.equal(annotations["limit-burst-multiplier"], "2");
  assert.equal(annotations["cors-allow-origin"], "https://example.org");
  assert.equal(annotations["cors-allow-credentials"], "true");
  assert.equal(annotations["proxy-body-size"], String(5 * 2 ** 20));
  assert.equal(
    annotations["ssl-ciphers"],
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305",
  );
});

Deno.test("nginxRoutes() refuses no body for its size where no route limits it", () => {
  assert.equal(annotationsOf("shop/live")["proxy-body-size"], "0");
});

Deno.test("nginxRoutes() keeps silent connections open where a route is for WebSockets", () => {
  assert.equal(annotationsOf("shop/live")["proxy-read-timeout"], "3600");
  assert.equal("proxy-read-timeout" in annotationsOf("shop/web"), false);
});

Deno.test("nginxRoutes() sets security headers by a ConfigMap, and no Ingress has a snippet of nginx' own language", () => {
  assert.equal(annotationsOf("shop/web")["custom-headers"], "shop/web-response-headers");
  const { data } = find(manifests, "ConfigMap", "shop/web-response-headers");
  assert.equal(data["Strict-Transport-Security"], "max-age=31536000; includeSubDomains");
  assert.equal(data["X-Frame-Options"], "DENY");
  const keys = namesOf(manifests, "Ingress").flatMap((name) => Object.keys(annotationsOf(name)));
  assert.deepEqual(keys.filter((key) => key.endsWith("-snippet")), []);
});

Deno.test("nginxRoutes() asks an OAuth2 Proxy, sends people to sign in, and does not ask about that", () => {
  const annotations = annotationsOf("shop/admin");
  assert.equal(annotations["auth-url"], "http://gate.edge.svc.cluster.local/oauth2/auth");
  assert.match(annotations["auth-signin"]!, /^https:\/\/\$host\/oauth2\/start\?rd=https:/);
  assert.equal("auth-url" in annotationsOf("edge/admin-sign-in"), false);
  const { rules, tls } = find(manifests, "Ingress", "edge/admin-sign-in").spec;
  assert.equal(rules[0].host, "admin.example.org");
  assert.equal(rules[0].http.paths[0].path, "/oauth2");
  // The Secret is in another namespace; named here without it, the host would get nginx' own certificate.
  assert.equal(tls, undefined);
});

Deno.test("nginxRoutes() hands encrypted connections on", () => {
  assert.deepEqual(annotationsOf("shop/raw"), { "ssl-passthrough": "true" });
  assert.equal("tls" in find(manifests, "Ingress", "shop/raw").spec, false);
});
