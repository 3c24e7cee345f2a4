import assert from "node:assert/strict";
import { unknownSecret } from "../../../lib/review/rules/unknown_secret.ts";
import { complaints, workload } from "../sample_objects.ts";

Deno.test("a Secret that nothing in the platform makes is named; certificates make theirs", () => {
  const web = workload("web", {
    container: {
      envFrom: [{ secretRef: { name: "app" } }, { secretRef: { name: "maybe", optional: true } }],
    },
    pod: { volumes: [{ name: "tls", secret: { secretName: "tls" } }] },
  });
  const told = complaints(unknownSecret, [web], {
    certificates: { tls: { namespace: "shop", hosts: ["x.org"], issuer: "acme" } as never },
  });
  assert.deepEqual(told, [
    "Deployment shop/web: it refers to Secret app, which nothing in the platform makes",
  ]);
});
