import assert from "node:assert/strict";
import { checkSecrets } from "../../../lib/platform/check/secrets.ts";
import { loadPlatform } from "../../../lib/platform/load.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { ExternalSecret, Platform, SealedSecret } from "../../../lib/platform/types.ts";
import { samplePlatform, sampleWorkload } from "../sample_platform.ts";

const mistakesOf = (platform: Partial<Platform>) =>
  checkSecrets(samplePlatform({ workloads: { web: sampleWorkload() }, ...platform }))
    .map(({ path, message }) => `${pathText(path)}: ${message}`);

const vault = {
  scope: "namespace" as const,
  namespace: "shop",
  vault: {
    server: "https://vault.example.org",
    path: "secret",
    version: "v2" as const,
    authMountPath: "kubernetes",
    role: "web",
    serviceAccount: "web",
  },
};

const secret = (changes: Partial<ExternalSecret>): ExternalSecret => ({
  namespace: "shop",
  store: "vault",
  refreshInterval: "1h",
  ...changes,
});

const sealed = (keys: string[], values: Record<string, string>): SealedSecret => ({
  namespace: "shop",
  scope: "strict",
  type: "Opaque",
  keys,
  sealed: values,
});

/** What sealing gives, in form: the length of the key, the key, and a value with its tag. */
const ciphertext = new Uint8Array([2, 0, ...new Array<number>(512 + 16 + 8).fill(7)]).toBase64();

Deno.test("checkSecrets() finds nothing where stores, sources and sealed values fit", () => {
  assert.deepEqual(
    mistakesOf({
      secretStores: { vault, shared: { ...vault, scope: "cluster", usableFrom: ["shop"] } },
      externalSecrets: {
        a: secret({ from: "shop/db", keys: ["A"] }),
        b: secret({ store: "shared", keysFrom: { B: { path: "shop/b" } } }),
      },
      sealedSecrets: { c: sealed(["C", "D"], { C: ciphertext }) },
    }),
    [],
  );
});

Deno.test("checkSecrets() wants a path for keys, and none beside paths of their own", () => {
  assert.deepEqual(
    mistakesOf({
      secretStores: { vault },
      externalSecrets: {
        a: secret({ keys: ["A"] }),
        b: secret({ from: "shop/b", keysFrom: { B: { path: "shop/b" } } }),
        c: secret({
          from: "shop/c",
          type: "Opaque",
          pullSecret: { registry: "ghcr.io", usernameKey: "u", passwordKey: "p" },
        }),
      },
    }),
    [
      "externalSecrets.a.from: missing, expected the path in the store",
      "externalSecrets.b.from: expected none beside keysFrom, which says the path of each key",
      "externalSecrets.c.type: expected none beside pullSecret, which is a kubernetes.io/dockerconfigjson",
    ],
  );
});

Deno.test("checkSecrets() lets a secret use only stores that serve its namespace", () => {
  const elsewhere = { ...vault, scope: "cluster" as const, usableFrom: ["blog"] };
  assert.deepEqual(
    mistakesOf({
      namespaces: {
        shop: { podSecurity: "restricted" },
        blog: { podSecurity: "restricted" },
      } as Platform["namespaces"],
      secretStores: { vault, elsewhere },
      externalSecrets: {
        a: secret({ store: "elsewhere", from: "x", keys: ["A"] }),
        b: secret({ namespace: "blog", from: "x", keys: ["B"] }),
      },
    }),
    [
      "externalSecrets.a.store: no secret store for namespace shop is called elsewhere, expected one of vault",
      "externalSecrets.b.store: no secret store for namespace blog is called vault, expected one of elsewhere",
    ],
  );
});

Deno.test("checkSecrets() wants an identity for a cloud's service account, and an account of the store's own", () => {
  const aws = { region: "eu-central-1", service: "SecretsManager" as const, serviceAccount: "web" };
  const azure = {
    vaultUrl: "https://acme.vault.azure.net",
    tenantId: "00000000-1111-2222-3333-444444444444",
    serviceAccount: "secrets",
  };
  assert.deepEqual(
    mistakesOf({
      secretStores: {
        aws: { scope: "namespace", namespace: "shop", aws },
        azure: { scope: "namespace", namespace: "shop", azure },
      },
    }),
    [
      "secretStores.aws.aws.role: missing, expected the ARN of the role that serviceAccount takes on",
      "secretStores.aws.aws.serviceAccount: web is a workload's, expected one of the store's own: it gets the cloud's identity",
      "secretStores.azure.azure.clientId: missing, expected the id of the identity that trusts serviceAccount",
    ],
  );
});

Deno.test("checkSecrets() wants credentials of a cloud to be declared, with their keys", () => {
  const gcp = (name: string, key: string): Platform["secretStores"][string] => ({
    scope: "namespace",
    namespace: "shop",
    gcp: { projectId: "acme-production", credentials: { secret: name, key } },
  });
  assert.deepEqual(
    mistakesOf({
      secretStores: { a: gcp("gcp", "key.jsn"), b: gcp("gpc", "key.json") },
      sealedSecrets: { gcp: sealed(["key.json"], {}) },
    }),
    [
      "secretStores.a.gcp.credentials.key: no key of secret gcp is called key.jsn, expected one of key.json; did you mean key.json?",
      "secretStores.b.gcp.credentials.secret: no secret in namespace shop is called gpc, expected one of gcp",
    ],
  );
});

Deno.test("checkSecrets() refuses usableFrom without the scope of the cluster", () => {
  assert.deepEqual(mistakesOf({ secretStores: { vault: { ...vault, usableFrom: ["shop"] } } }), [
    "secretStores.vault.usableFrom: expected only with scope: cluster; this store serves its own namespace",
  ]);
});

Deno.test("checkSecrets() takes a value in plain sight for no sealed one, and does not repeat it", () => {
  const values = ["hunter2", "aHVudGVyMg==", `${ciphertext.slice(0, 300)}`, ""];
  for (const value of values) {
    const [message, ...others] = mistakesOf({
      sealedSecrets: { app: sealed(["PASSWORD"], { PASSWORD: value }) },
    });
    assert.deepEqual(others, []);
    assert.match(message!, /^sealedSecrets\.app\.sealed\.PASSWORD: this is not sealed/);
    assert.ok(value === "" || !message!.includes(value));
  }
});

Deno.test("checkSecrets() refuses sealed values for keys that nobody declares", () => {
  assert.deepEqual(
    mistakesOf({
      sealedSecrets: { app: sealed(["PASSWORD"], { PASWORD: ciphertext }) },
    }),
    [
      "sealedSecrets.app.sealed.PASWORD: no key of sealed secret app is called PASWORD, expected one of PASSWORD; did you mean PASSWORD?",
    ],
  );
});

Deno.test("checkSecrets() refuses two makers of one Secret, whatever they are", () => {
  assert.deepEqual(
    mistakesOf({
      secretStores: { vault },
      externalSecrets: { app: secret({ from: "x", keys: ["A"] }) },
      sealedSecrets: { app: sealed(["A"], {}) },
    }),
    [
      "sealedSecrets.app: externalSecrets.app makes the Secret shop/app too, expected another name",
    ],
  );
});

Deno.test("checkSecrets() wants another Vault and a declared token to unseal by, and one pod in memory", () => {
  const { resources } = sampleWorkload();
  const common = {
    namespace: "shop",
    image: "docker.io/hashicorp/vault:1.21.1",
    replicas: 1,
    resources,
    runAs: { user: 100, group: 1000 },
  };
  const seal = {
    vault: "main",
    mountPath: "transit",
    key: "autounseal",
    token: { secret: "unseal", key: "TOKN" },
    role: "unseal",
  };
  const development = { rootToken: { secret: "none", key: "TOKEN" }, because: "a trial" };
  assert.deepEqual(
    mistakesOf({
      sealedSecrets: { unseal: sealed(["TOKEN"], {}) },
      vaults: {
        main: { ...common, storage: { storageClass: "disk", size: "1Gi" }, seal },
        trial: {
          ...common,
          replicas: 3,
          development,
          seal: { ...seal, token: { secret: "unseal", key: "TOKEN" } },
        },
      },
    }),
    [
      "vaults.main.seal.vault: no other vault is called main, expected one of trial",
      "vaults.main.seal.token.key: no key of secret unseal is called TOKN, expected one of TOKEN; did you mean TOKEN?",
      "vaults.trial.replicas: 3, expected 1: each pod would have secrets of its own in memory",
      "vaults.trial.development.rootToken.secret: no secret in namespace shop is called none, expected one of unseal",
      "vaults.trial.seal: expected none beside development, which is never sealed",
    ],
  );
});

Deno.test("a store with several sources says which one it reads from", () => {
  const text = (store: string) => `
name: demo
domain: example.org
environments: { production: {} }
namespaces: { shop: { podSecurity: restricted } }
secretStores: { kms: { namespace: shop, ${store} } }
`;
  const refusal = (store: string) => {
    try {
      loadPlatform(text(store), { file: "platform.yaml" });
    } catch (error) {
      return (error as Error).message;
    }
  };
  const aws = "aws: { region: eu-central-1, service: SecretsManager, " +
    "role: 'arn:aws:iam::123456789012:role/kms', serviceAccount: kms }";
  const gcp = "gcp: { projectId: demo-production, workloadIdentity: { clusterName: a, " +
    "clusterLocation: b, serviceAccount: kms, googleServiceAccount: kms@example.org } }";
  assert.equal(refusal(`use: gcp, ${aws}, ${gcp}`), undefined);
  assert.match(refusal(`${aws}, ${gcp}`) ?? "", /aws and gcp given, expected exactly one/);
  assert.match(
    refusal(`use: azure, ${aws}, ${gcp}`) ?? "",
    /use: azure, expected one of the sources that are given: aws, gcp/,
  );
});
