import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { unknownBackend } from "../../../lib/review/rules/unknown_backend.ts";
import { complaints, object, service } from "../sample_objects.ts";

const web = service("web", { app: "web" });

function traefik(name: string, port: number | string): Manifest {
  return object("IngressRoute", "a", { routes: [{ match: "", services: [{ name, port }] }] }, {
    apiVersion: "traefik.io/v1alpha1",
  });
}

Deno.test("a route leads to a Service that is there, and to a port that it has", () => {
  assert.match(
    complaints(unknownBackend, [web, traefik("wbe", 80)])[0]!,
    /namespace shop has none of that name/,
  );
  assert.match(
    complaints(unknownBackend, [web, traefik("web", 8080)])[0]!,
    /port 8080 of the Service web, which has 80/,
  );
  assert.deepEqual(complaints(unknownBackend, [web, traefik("web", 80)]), []);
  assert.deepEqual(complaints(unknownBackend, [web, traefik("web", "http")]), []);
  assert.deepEqual(complaints(unknownBackend, [traefik("api@internal", 80)]), []);
});

Deno.test("so does an Ingress, and a route of a gateway", () => {
  const ingress = object("Ingress", "a", {
    rules: [{ http: { paths: [{ backend: { service: { name: "web", port: { number: 81 } } } }] } }],
  }, { apiVersion: "networking.k8s.io/v1" });
  const http = object("HTTPRoute", "a", { rules: [{ backendRefs: [{ name: "api", port: 80 }] }] }, {
    apiVersion: "gateway.networking.k8s.io/v1",
  });
  assert.equal(complaints(unknownBackend, [web, ingress, http]).length, 2);
});

Deno.test("Services that operators make are there", () => {
  const prometheus = object("Prometheus", "main", { replicas: 1 }, {
    apiVersion: "monitoring.coreos.com/v1",
  });
  assert.deepEqual(
    complaints(unknownBackend, [prometheus, traefik("prometheus-operated", 9090)]),
    [],
  );
});
