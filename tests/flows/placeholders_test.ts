import assert from "node:assert/strict";
import type { Manifest } from "../../lib/core/object.ts";
import { placeholderSecrets } from "../../lib/flows/placeholders.ts";

const external = (spec: unknown): Manifest => ({
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: {
    name: "database",
    namespace: "shop",
    labels: { "slipway.dev/inventory": "shop.production", app: "web" },
  },
  spec,
});

const decode = (data: unknown) =>
  Object.fromEntries(
    Object.entries(data as Record<string, string>).map(([key, value]) => [key, atob(value)]),
  );

Deno.test("placeholderSecrets() makes the Secret that an ExternalSecret would make, and labels it", () => {
  const [secret] = placeholderSecrets([
    external({
      target: { name: "database-credentials" },
      data: [{ secretKey: "user" }, { secretKey: "password" }],
    }),
  ]);
  assert.deepEqual(secret!.metadata, {
    name: "database-credentials",
    namespace: "shop",
    labels: { "slipway.dev/inventory": "shop.production", "slipway.dev/placeholder": "true" },
  });
  assert.deepEqual(decode(secret!["data"]), { user: "placeholder", password: "placeholder" });
});

Deno.test("placeholderSecrets() gives a templated registry secret a value that its type accepts", () => {
  const [secret] = placeholderSecrets([
    external({
      target: {
        template: {
          type: "kubernetes.io/dockerconfigjson",
          data: { ".dockerconfigjson": "{{ .token }}" },
        },
      },
      data: [{ secretKey: "token" }],
    }),
  ]);
  assert.equal(secret!["type"], "kubernetes.io/dockerconfigjson");
  assert.deepEqual(Object.keys(secret!["data"] as object), [".dockerconfigjson"]);
  assert.deepEqual(JSON.parse(decode(secret!["data"])[".dockerconfigjson"]!), { auths: {} });
});

Deno.test("placeholderSecrets() makes none of anything but ExternalSecrets", () => {
  const other: Manifest = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "x", namespace: "y" },
  };
  assert.deepEqual(placeholderSecrets([other]), []);
});
