import assert from "node:assert/strict";
import type { SecretStore } from "../../../lib/platform/types.ts";
import { externalSecret } from "../../../manifests/components/secrets/secret.ts";
import { secretStore } from "../../../manifests/components/secrets/secret_store.ts";
import { find } from "../find.ts";

const store = (source: Partial<SecretStore>): SecretStore => ({
  scope: "namespace",
  namespace: "shop",
  ...source,
});

const vault = {
  server: "https://vault.example.org",
  path: "secret",
  version: "v2" as const,
  authMountPath: "kubernetes",
  role: "web",
  serviceAccount: "web",
};

Deno.test("secretStore() logs in to Vault with a workload's service account, and makes none", () => {
  const manifests = secretStore("vault", store({ vault }));
  assert.equal(manifests.length, 1);
  assert.deepEqual(find(manifests, "SecretStore", "shop/vault").spec.provider.vault.auth, {
    kubernetes: { mountPath: "kubernetes", role: "web", serviceAccountRef: { name: "web" } },
  });
});

Deno.test("secretStore() logs in to Vault with a service account of its own where no workload's is named", () => {
  const { serviceAccount: _, ...own } = vault;
  const manifests = secretStore("vault", store({ vault: own }));
  assert.deepEqual(
    find(manifests, "SecretStore", "shop/vault").spec.provider.vault.auth.kubernetes
      .serviceAccountRef,
    { name: "vault" },
  );
  const account = find(manifests, "ServiceAccount", "shop/vault");
  assert.equal(account.automountServiceAccountToken, false);
  assert.equal("annotations" in account.metadata, false);
});

Deno.test("secretStore() of the whole cluster says the namespace of all it refers to, and who may use it", () => {
  const manifests = secretStore(
    "vault",
    store({ scope: "cluster", usableFrom: ["shop", "blog"], vault }),
  );
  const { spec } = find(manifests, "ClusterSecretStore", "vault");
  assert.deepEqual(spec.provider.vault.auth.kubernetes.serviceAccountRef, {
    name: "web",
    namespace: "shop",
  });
  assert.deepEqual(spec.conditions, [{ namespaces: ["shop", "blog"] }]);
});

Deno.test("secretStore() on AWS makes the service account that the IAM role is bound to", () => {
  const role = "arn:aws:iam::123456789012:role/secrets";
  const manifests = secretStore(
    "aws",
    store({
      aws: { region: "eu-central-1", service: "SecretsManager", role, serviceAccount: "secrets" },
    }),
  );
  assert.deepEqual(find(manifests, "SecretStore", "shop/aws").spec.provider.aws, {
    service: "SecretsManager",
    region: "eu-central-1",
    auth: { jwt: { serviceAccountRef: { name: "secrets" } } },
  });
  const account = find(manifests, "ServiceAccount", "shop/secrets");
  assert.deepEqual(account.metadata.annotations, { "eks.amazonaws.com/role-arn": role });
  assert.equal(account.automountServiceAccountToken, false);
});

Deno.test("secretStore() on AWS elsewhere logs in with access keys, and may take on a role with them", () => {
  const role = "arn:aws:iam::123456789012:role/secrets";
  const credentials = { secret: "aws", accessKeyIdKey: "id", secretAccessKeyKey: "key" };
  const manifests = secretStore(
    "aws",
    store({
      scope: "cluster",
      aws: { region: "eu-central-1", service: "ParameterStore", role, credentials },
    }),
  );
  assert.deepEqual(manifests.map(({ kind }) => kind), ["ClusterSecretStore"]);
  const { aws } = find(manifests, "ClusterSecretStore", "aws").spec.provider;
  assert.equal(aws.role, role);
  assert.deepEqual(aws.auth.secretRef.secretAccessKeySecretRef, {
    name: "aws",
    key: "key",
    namespace: "shop",
  });
});

Deno.test("secretStore() on Azure logs in by workload identity or as a service principal", () => {
  const common = {
    vaultUrl: "https://acme.vault.azure.net",
    tenantId: "00000000-1111-2222-3333-444444444444",
  };
  const clientId = "55555555-6666-7777-8888-999999999999";
  const identity = secretStore(
    "azure",
    store({ azure: { ...common, clientId, serviceAccount: "secrets" } }),
  );
  const { azurekv } = find(identity, "SecretStore", "shop/azure").spec.provider;
  assert.equal(azurekv.authType, "WorkloadIdentity");
  assert.deepEqual(find(identity, "ServiceAccount", "shop/secrets").metadata.annotations, {
    "azure.workload.identity/client-id": clientId,
  });
  const credentials = { secret: "azure", clientIdKey: "id", clientSecretKey: "secret" };
  const principal = secretStore("azure", store({ azure: { ...common, credentials } }));
  assert.deepEqual(find(principal, "SecretStore", "shop/azure").spec.provider.azurekv, {
    ...common,
    environmentType: "PublicCloud",
    authType: "ServicePrincipal",
    authSecretRef: {
      clientId: { name: "azure", key: "id" },
      clientSecret: { name: "azure", key: "secret" },
    },
  });
});

Deno.test("secretStore() on Google Cloud logs in by workload identity or with a key", () => {
  const workloadIdentity = {
    clusterName: "main",
    clusterLocation: "europe-west3",
    serviceAccount: "secrets",
    googleServiceAccount: "reader@acme.iam.gserviceaccount.com",
  };
  const identity = secretStore(
    "gcp",
    store({ gcp: { projectId: "acme-production", workloadIdentity } }),
  );
  assert.deepEqual(find(identity, "SecretStore", "shop/gcp").spec.provider.gcpsm, {
    projectID: "acme-production",
    auth: {
      workloadIdentity: {
        clusterName: "main",
        clusterLocation: "europe-west3",
        serviceAccountRef: { name: "secrets" },
      },
    },
  });
  assert.deepEqual(find(identity, "ServiceAccount", "shop/secrets").metadata.annotations, {
    "iam.gke.io/gcp-service-account": "reader@acme.iam.gserviceaccount.com",
  });
  const withKey = secretStore(
    "gcp",
    store({
      gcp: { projectId: "acme-production", credentials: { secret: "gcp", key: "key.json" } },
    }),
  );
  assert.deepEqual(find(withKey, "SecretStore", "shop/gcp").spec.provider.gcpsm.auth, {
    secretRef: { secretAccessKeySecretRef: { name: "gcp", key: "key.json" } },
  });
});

Deno.test("externalSecret() reads each key from a place of its own, and names a store of the whole cluster", () => {
  const [manifest] = externalSecret("db", {
    namespace: "shop",
    store: "aws",
    refreshInterval: "1h",
    type: "kubernetes.io/basic-auth",
    keysFrom: {
      username: { path: "shop/database", property: "user" },
      password: { path: "/shop/database-password" },
    },
  }, "ClusterSecretStore");
  const { spec } = find([manifest!], "ExternalSecret", "shop/db");
  assert.deepEqual(spec.secretStoreRef, { kind: "ClusterSecretStore", name: "aws" });
  assert.equal(spec.target.template.type, "kubernetes.io/basic-auth");
  assert.deepEqual(
    spec.data.map(({ secretKey, remoteRef }: {
      secretKey: string;
      remoteRef: { key: string; property?: string };
    }) => [secretKey, remoteRef.key, remoteRef.property]),
    [["username", "shop/database", "user"], ["password", "/shop/database-password", undefined]],
  );
});

Deno.test("secretStore() with several sources reads from the one that is chosen by a word", () => {
  const aws = {
    region: "eu-central-1",
    service: "SecretsManager" as const,
    role: "arn:aws:iam::123456789012:role/secrets",
    serviceAccount: "aws-secrets",
  };
  const gcp = { projectId: "acme-production", credentials: { secret: "gcp", key: "key.json" } };
  const kinds = (use: "aws" | "gcp") =>
    secretStore("kms", store({ use, aws, gcp })).map(({ kind }) => kind);
  assert.deepEqual(kinds("aws"), ["ServiceAccount", "SecretStore"]);
  assert.deepEqual(kinds("gcp"), ["SecretStore"]);
  const { provider } =
    find(secretStore("kms", store({ use: "gcp", aws, gcp })), "SecretStore", "shop/kms").spec;
  assert.deepEqual(Object.keys(provider), ["gcpsm"]);
});
