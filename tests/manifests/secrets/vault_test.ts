import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Vault } from "../../../lib/platform/types.ts";
import { vault } from "../../../manifests/components/secrets/vault.ts";
import { configChecksumAnnotation } from "../../../manifests/components/workload/checksum.ts";
import { find } from "../find.ts";

const options: Vault = {
  namespace: "vault",
  image: "docker.io/hashicorp/vault:1.21.1",
  replicas: 1,
  resources: {
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
  },
  storage: { storageClass: "disk", size: "1Gi" },
  runAs: { user: 100, group: 1000 },
};
const manifests = vault("vault", options);
const { spec } = find(manifests, "StatefulSet", "vault/vault");
const [container] = spec.template.spec.containers;

Deno.test("vault() counts a sealed Vault as healthy, so that it can be unsealed in place", () => {
  for (const probe of [container.livenessProbe, container.readinessProbe]) {
    const url = new URL(probe.httpGet.path, "http://vault");
    assert.equal(url.pathname, "/v1/sys/health");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      standbyok: "true",
      sealedcode: "204",
      uninitcode: "204",
    });
  }
});

Deno.test("vault() keeps its data on a volume of its own, and its configuration read-only", () => {
  assert.deepEqual(spec.volumeClaimTemplates[0].spec, {
    storageClassName: "disk",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
  });
  const config = find(manifests, "ConfigMap", "vault/vault-config").data["vault.hcl"];
  assert.match(config, /storage "raft" \{\n {2}path = "\/vault\/data"/);
  assert.match(config, /disable_mlock = true/);
  const paths = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  assert.deepEqual(paths, ["/vault/config", "/vault/data", "/home/vault", "/tmp"]);
});

Deno.test("vault() marks its pods with the checksum of the configuration that they started with", () => {
  const config = find(manifests, "ConfigMap", "vault/vault-config").data["vault.hcl"];
  assert.equal(
    spec.template.metadata.annotations[configChecksumAnnotation],
    createHash("sha256").update(config).digest("hex"),
  );
});

Deno.test("vault() never restarts a pod by itself, for it would come back sealed", () => {
  assert.deepEqual(spec.updateStrategy, { type: "OnDelete" });
});

Deno.test("vault() lets the Vault review tokens, and nothing more", () => {
  const binding = find(manifests, "ClusterRoleBinding", "vault-vault-token-review");
  assert.equal(binding.roleRef.name, "system:auth-delegator");
  assert.deepEqual(binding.subjects, [
    { kind: "ServiceAccount", name: "vault", namespace: "vault" },
  ]);
});

Deno.test("vault() can be reached before it is ready, as joining and unsealing need", () => {
  assert.equal(find(manifests, "Service", "vault/vault-internal").spec.clusterIP, "None");
  for (const name of ["vault/vault", "vault/vault-internal"]) {
    assert.equal(find(manifests, "Service", name).spec.publishNotReadyAddresses, true);
  }
});

Deno.test("vault() keeps the pods of several replicas apart", () => {
  const several = vault("vault", { ...options, replicas: 3 });
  const { affinity } = find(several, "StatefulSet", "vault/vault").spec.template.spec;
  assert.equal(
    affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length,
    1,
  );
  assert.equal("affinity" in spec.template.spec, false);
});

Deno.test("vault() lets another Vault's key unseal it, with a token that stands in no file", () => {
  const seal = {
    vault: "bootstrap",
    mountPath: "transit",
    key: "autounseal",
    token: { secret: "vault-unseal", key: "TOKEN" },
  };
  const sealed = vault("vault", { ...options, seal }, {
    bootstrap: { ...options, namespace: "bootstrap" },
  });
  const config = find(sealed, "ConfigMap", "vault/vault-config").data["vault.hcl"];
  assert.match(
    config,
    /seal "transit" \{\n {2}address {4}= "http:\/\/bootstrap\.bootstrap\.svc:8200"/,
  );
  assert.match(config, /key_name {3}= "autounseal"/);
  assert.doesNotMatch(config, /token/i);
  const { spec } = find(sealed, "StatefulSet", "vault/vault");
  assert.deepEqual(
    spec.template.spec.containers[0].env.find(({ name }: { name: string }) =>
      name === "VAULT_TOKEN"
    ).valueFrom,
    { secretKeyRef: { name: "vault-unseal", key: "TOKEN" } },
  );
  // It opens itself again, so nobody has to be there for a restart.
  assert.equal(spec.updateStrategy.type, "RollingUpdate");
});

Deno.test("vault() in development mode keeps nothing, and takes its root token from a Secret", () => {
  const { storage: _none, ...rest } = options;
  const development = {
    rootToken: { secret: "vault-bootstrap", key: "ROOT_TOKEN" },
    because: "it only holds the key of the other one",
  };
  const manifests = vault("bootstrap", { ...rest, development });
  const { spec } = find(manifests, "StatefulSet", "vault/bootstrap");
  assert.equal("volumeClaimTemplates" in spec, false);
  const [container] = spec.template.spec.containers;
  assert.ok(container.command.includes("-dev"));
  assert.deepEqual(container.env[0].valueFrom, {
    secretKeyRef: { name: "vault-bootstrap", key: "ROOT_TOKEN" },
  });
  assert.equal(manifests.some(({ kind }) => kind === "ConfigMap"), false);
  const names = new Set(container.ports.map(({ name }: { name: string }) => name));
  for (const service of ["vault/bootstrap", "vault/bootstrap-internal"]) {
    for (const { targetPort } of find(manifests, "Service", service).spec.ports) {
      assert.ok(names.has(targetPort), `${service}: ${targetPort}`);
    }
  }
});
