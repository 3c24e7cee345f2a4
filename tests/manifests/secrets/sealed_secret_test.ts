import assert from "node:assert/strict";
import type { SealedSecret } from "../../../lib/platform/types.ts";
import { sealedSecret } from "../../../manifests/components/secrets/sealed_secret.ts";
import { find } from "../find.ts";

const options: SealedSecret = {
  namespace: "shop",
  scope: "strict",
  type: "Opaque",
  keys: ["USER", "PASSWORD"],
  sealed: { USER: "AgBcipher" },
};

Deno.test("sealedSecret() has each key, and a mark that nobody can open where one is not sealed yet", () => {
  const { spec } = find(sealedSecret("app", options), "SealedSecret", "shop/app");
  assert.deepEqual(spec.encryptedData, { USER: "AgBcipher", PASSWORD: "NOT-SEALED-YET" });
  assert.deepEqual(spec.template, {
    metadata: { name: "app", namespace: "shop" },
    type: "Opaque",
  });
});

Deno.test("sealedSecret() tells the controller of a wider scope, on itself and on the Secret", () => {
  for (const scope of ["namespace-wide", "cluster-wide"] as const) {
    const { metadata, spec } = find(
      sealedSecret("app", { ...options, scope }),
      "SealedSecret",
      "shop/app",
    );
    const annotation = { [`sealedsecrets.bitnami.com/${scope}`]: "true" };
    assert.deepEqual(metadata.annotations, annotation);
    assert.deepEqual(spec.template.metadata.annotations, annotation);
  }
});

Deno.test("sealedSecret() says of its values what the platform file has recorded, on itself alone", () => {
  const sealedWith = { USER: "certificate=ab for=shop/app item=cd", ABSENT: "x" };
  const manifests = sealedSecret("app", { ...options, scope: "namespace-wide", sealedWith });
  const { metadata, spec } = find(manifests, "SealedSecret", "shop/app");
  assert.equal(
    metadata.annotations?.["slipway.dev/sealed-items"],
    "USER certificate=ab for=shop/app item=cd\n",
  );
  assert.deepEqual(spec.template.metadata.annotations, {
    "sealedsecrets.bitnami.com/namespace-wide": "true",
  });
});

Deno.test("sealedSecret() gives the Secret the labels by which programs find it", () => {
  const labels = { "app.kubernetes.io/part-of": "argocd" };
  const { spec } = find(sealedSecret("app", { ...options, labels }), "SealedSecret", "shop/app");
  assert.deepEqual(spec.template.metadata.labels, labels);
});
