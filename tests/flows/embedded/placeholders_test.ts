import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { OperatorName } from "../../../lib/flows/embedded/operators.ts";
import { placeholderSecrets } from "../../../lib/flows/embedded/placeholders.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const external = { namespace: "shop", store: "vault", from: "shop/db", refreshInterval: "1h" };

function decoded(secret: Manifest | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret!["data"] as Record<string, string>).map((
      [key, value],
    ) => [key, atob(value)]),
  );
}

/** A Deployment that mounts a Secret, by `volume`. */
function mounting(volume: Record<string, unknown>): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      template: {
        spec: {
          containers: [{ name: "web", image: "ghcr.io/example/web:1.0.0" }],
          volumes: [{ name: "tls", ...volume }],
        },
      },
    },
  };
}

const certified: Partial<Platform> = {
  certificates: {
    "web-tls": {
      namespace: "shop",
      hosts: ["www.example.org", "example.org"],
      issuer: "letsencrypt",
      renewBeforeDays: 30,
    },
  },
};

Deno.test("placeholderSecrets() makes the Secret that an ExternalSecret would make, and labels it", async () => {
  const platform = samplePlatform({
    externalSecrets: { database: { ...external, keys: ["user", "password"] } },
  });
  const [secret, ...others] = await placeholderSecrets(platform, []);
  assert.deepEqual(others, []);
  assert.deepEqual(secret!.metadata, {
    name: "database",
    namespace: "shop",
    labels: {
      "app.kubernetes.io/managed-by": "slipway",
      "app.kubernetes.io/part-of": "demo",
      "slipway.dev/inventory": "demo.test",
      "slipway.dev/placeholder": "true",
    },
  });
  assert.deepEqual(decoded(secret), { user: "placeholder", password: "placeholder" });
});

Deno.test("placeholderSecrets() marks as shared what the Secret would be shared as", async () => {
  const platform = samplePlatform({
    shared: ["*/shop/*"],
    externalSecrets: { database: { ...external, keys: ["user"] } },
  });
  const [secret] = await placeholderSecrets(platform, []);
  assert.deepEqual(secret!.metadata.annotations, { "slipway.dev/shared": "true" });
});

Deno.test("placeholderSecrets() makes the Secret of a SealedSecret, sealed or not", async () => {
  const platform = samplePlatform({
    sealedSecrets: {
      app: {
        namespace: "shop",
        scope: "strict",
        type: "kubernetes.io/basic-auth",
        keys: ["username", "password"],
        sealed: { username: "AgB…" },
      },
    },
  });
  const [secret] = await placeholderSecrets(platform, []);
  assert.equal(secret!["type"], "kubernetes.io/basic-auth");
  assert.deepEqual(Object.keys(decoded(secret)), ["username", "password"]);
});

Deno.test("placeholderSecrets() gives a registry secret a value that its type accepts", async () => {
  const pullSecret = { registry: "ghcr.io", usernameKey: "user", passwordKey: "token" };
  const platform = samplePlatform({ externalSecrets: { ghcr: { ...external, pullSecret } } });
  const [secret] = await placeholderSecrets(platform, []);
  assert.equal(secret!["type"], "kubernetes.io/dockerconfigjson");
  assert.deepEqual(JSON.parse(decoded(secret)[".dockerconfigjson"]!), { auths: {} });
});

Deno.test("placeholderSecrets() leaves what the render has itself", async () => {
  const platform = samplePlatform({
    externalSecrets: { database: { ...external, keys: ["user"] } },
  });
  const own = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "database", namespace: "shop" },
  };
  assert.deepEqual(await placeholderSecrets(platform, [own]), []);
});

Deno.test("placeholderSecrets() makes no certificate that no pod needs", async () => {
  const pod = mounting({ secret: { secretName: "other" } });
  assert.deepEqual(await placeholderSecrets(samplePlatform(certified), [pod]), []);
});

Deno.test("a placeholder certificate is valid for its hosts, fits its key, and vouches for itself", async () => {
  for (
    const volume of [
      { secret: { secretName: "web-tls" } },
      { projected: { sources: [{ secret: { name: "web-tls" } }] } },
    ]
  ) {
    const [secret] = await placeholderSecrets(samplePlatform(certified), [mounting(volume)]);
    assert.equal(secret!["type"], "kubernetes.io/tls");
    const values = decoded(secret);
    const certificate = new X509Certificate(values["tls.crt"]!);
    assert.equal(certificate.checkPrivateKey(createPrivateKey(values["tls.key"]!)), true);
    assert.equal(certificate.checkHost("example.org"), "example.org");
    assert.equal(certificate.checkHost("other.org"), undefined);
    assert.equal(certificate.verify(certificate.publicKey), true);
    assert.ok(new Date(certificate.validTo) > new Date("2045-01-01"));
    assert.equal(values["ca.crt"], values["tls.crt"]);
  }
});

Deno.test("a placeholder certificate is the same each time, so that a second run writes nothing, and another for each Secret", async () => {
  const platform = samplePlatform({
    certificates: { ...certified.certificates, other: { ...certified.certificates!["web-tls"]! } },
  });
  const pods = ["web-tls", "other"].map((secretName) => mounting({ secret: { secretName } }));
  const first = await placeholderSecrets(platform, pods);
  assert.deepEqual(await placeholderSecrets(platform, pods), first);
  assert.notDeepEqual(first[0]!["data"], first[1]!["data"]);
});

Deno.test("placeholderSecrets() leaves a Secret to the operator that makes it", async () => {
  const platform = samplePlatform({
    externalSecrets: { database: { ...external, keys: ["user"] } },
  });
  const manifests: Manifest[] = [{
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: "database", namespace: "shop" },
  }];
  const names = async (operators: OperatorName[]) =>
    (await placeholderSecrets(platform, manifests, operators)).map(({ metadata }) => metadata.name);
  assert.deepEqual(await names([]), ["database"]);
  assert.deepEqual(await names(["sealed-secrets"]), ["database"]);
  assert.deepEqual(await names(["external-secrets"]), []);
});
