import assert from "node:assert/strict";
import { externalSecret } from "../../../manifests/components/secrets/secret.ts";

const common = { namespace: "shop", store: "vault", from: "shop/db", refreshInterval: "1h" };

Deno.test("externalSecret() names each key that its Secret will have", () => {
  const [manifest] = externalSecret("db", { ...common, keys: ["USER", "PASSWORD"] });
  // deno-lint-ignore no-explicit-any
  const spec = manifest!["spec"] as any;
  assert.deepEqual(
    spec.data.map((entry: { secretKey: string; remoteRef: { key: string; property: string } }) => [
      entry.secretKey,
      entry.remoteRef.key,
      entry.remoteRef.property,
    ]),
    [["USER", "shop/db", "USER"], ["PASSWORD", "shop/db", "PASSWORD"]],
  );
  assert.equal(spec.target.name, "db");
  assert.equal("template" in spec.target, false);
});

Deno.test("externalSecret() makes valid JSON of a pull secret, whatever the password holds", () => {
  const [manifest] = externalSecret("ghcr", {
    ...common,
    pullSecret: { registry: "ghcr.io", usernameKey: "user", passwordKey: "token" },
  });
  // deno-lint-ignore no-explicit-any
  const { template } = (manifest!["spec"] as any).target;
  assert.equal(template.type, "kubernetes.io/dockerconfigjson");
  const password = 'a"b\\c';
  const values: Record<string, unknown> = { user: "bot", token: password };
  const rendered = template.data[".dockerconfigjson"]
    .replaceAll(
      /\{\{ \(index \. "(\w+)"\) \| toJson \}\}/g,
      (_: string, key: string) => JSON.stringify(values[key]),
    )
    .replace(/\{\{ printf .* b64enc \| toJson \}\}/, JSON.stringify(btoa(`bot:${password}`)));
  assert.deepEqual(JSON.parse(rendered), {
    auths: {
      "ghcr.io": { username: "bot", password, auth: btoa(`bot:${password}`) },
    },
  });
});
