import assert from "node:assert/strict";
import { plainHttp } from "../../../lib/review/rules/plain_http.ts";
import { complaints, object } from "../sample_objects.ts";

Deno.test("a route has TLS or redirects to it", () => {
  const route = (spec: unknown) =>
    complaints(plainHttp, [object("IngressRoute", "a", spec)]).length;
  assert.equal(route({ routes: [{ match: "" }] }), 1);
  assert.equal(route({ routes: [{ match: "" }], tls: {} }), 0);
  assert.equal(route({ routes: [{ match: "", middlewares: [{ name: "redirect-to-https" }] }] }), 0);
});

Deno.test("each host of an Ingress has a certificate, by itself or by a wildcard", () => {
  const ingress = (hosts: string[]) =>
    complaints(plainHttp, [
      object("Ingress", "a", {
        rules: [{ host: "api.x.org" }, { host: "x.org" }],
        tls: [{ hosts }],
      }),
    ]);
  assert.deepEqual(ingress(["*.x.org"]), ["Ingress shop/a: it serves x.org over plain HTTP"]);
  assert.deepEqual(ingress(["x.org", "api.x.org"]), []);
});

Deno.test("a host has its certificate from whichever Ingress, and TLS may end at the program", () => {
  const rules = [{ host: "x.org" }];
  const served = object("Ingress", "a", { rules });
  const secured = object("Ingress", "b", { rules, tls: [{ hosts: ["x.org"] }] });
  assert.deepEqual(complaints(plainHttp, [served, secured]), []);
  served.metadata.annotations = { "nginx.ingress.kubernetes.io/ssl-passthrough": "true" };
  assert.deepEqual(complaints(plainHttp, [served]), []);
});
