import assert from "node:assert/strict";
import type { Ingress, Platform } from "../../../lib/platform/types.ts";
import { authenticationOf } from "../../../lib/platform/routes.ts";
import { render } from "../../../manifests/components/render.ts";
import { find } from "../../manifests/find.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";
import { around, sampleIdentityProvider } from "./sample_apps.ts";

function platformWith(controller: Ingress["controller"], authentication: string): Platform {
  const clients = { pgadmin: { forwardAuth: { url: "https://pgadmin.example.org" } } };
  return samplePlatform({
    ...around,
    sealedSecrets: {
      ...around.sealedSecrets,
      "web-tls": {
        namespace: "shop",
        scope: "strict",
        type: "kubernetes.io/tls",
        keys: ["tls.crt", "tls.key"],
        sealed: {},
      },
    },
    issuers: { own: { selfSigned: true } },
    certificates: { pgadmin: { namespace: "shop", hosts: ["pgadmin.example.org"], issuer: "own" } },
    identityProviders: { auth: sampleIdentityProvider({ clients }) },
    workloads: { pgadmin: sampleWorkload({ services: { pgadmin: { ports: { http: 80 } } } }) },
    peers: { controller: { namespace: "shop", podLabels: { app: "controller" } } },
    ingress: { controller, peer: "controller" },
    routes: {
      pgadmin: {
        namespace: "shop",
        hosts: ["pgadmin.example.org"],
        service: "pgadmin",
        port: 80,
        middlewares: [],
        certificate: "pgadmin",
        authentication,
      },
    },
  });
}

Deno.test("a route that names a client of an identity provider asks its server, as each controller can", () => {
  const askedBy = (controller: Ingress["controller"]) =>
    authenticationOf(platformWith(controller, "pgadmin"), { authentication: "pgadmin" })!;
  assert.equal(askedBy("traefik").path, "/outpost.goauthentik.io/auth/traefik");
  assert.equal(askedBy("nginx").path, "/outpost.goauthentik.io/auth/nginx");
  assert.equal(askedBy("envoy-gateway").path, "/outpost.goauthentik.io/auth/envoy");
  const { service, namespace, port } = askedBy("traefik");
  assert.deepEqual([service, namespace, port], ["auth", "shop", 80]);
});

Deno.test("Traefik gets a middleware that asks, and a route where people sign in", () => {
  const manifests = render(platformWith("traefik", "pgadmin"));
  const { spec } = find(manifests, "Middleware", "shop/authenticated-by-pgadmin");
  assert.match(
    spec.forwardAuth.address,
    /auth\.shop\.svc.*\/outpost\.goauthentik\.io\/auth\/traefik$/,
  );
  const route = find(manifests, "IngressRoute", "shop/pgadmin").spec.routes[0];
  assert.deepEqual(route.middlewares, [{ name: "authenticated-by-pgadmin" }]);
  const signIn = find(manifests, "IngressRoute", "shop/pgadmin-sign-in").spec.routes[0];
  assert.match(signIn.match, /PathPrefix\(`\/outpost\.goauthentik\.io/);
  assert.deepEqual(signIn.services, [{ name: "auth", port: 80 }]);
});

Deno.test("nginx tells Authentik which host was asked for, without text of its own language", () => {
  const manifests = render(platformWith("nginx", "pgadmin"));
  const { annotations } = find(manifests, "Ingress", "shop/pgadmin").metadata;
  const [namespace, name] = annotations["nginx.ingress.kubernetes.io/auth-proxy-set-headers"]
    .split("/");
  assert.deepEqual(find(manifests, "ConfigMap", `${namespace}/${name}`).data, {
    "X-Forwarded-Host": "$http_host",
  });
  assert.equal(Object.keys(annotations).some((key) => key.endsWith("snippet")), false);
});

Deno.test("a route cannot ask a client that logs people in by itself, or that nobody declares", () => {
  assert.throws(
    () => render(platformWith("traefik", "pgadmn")),
    /routes\.pgadmin\.authentication: .* is called pgadmn, expected one of pgadmin/,
  );
});
