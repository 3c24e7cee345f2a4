import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ClusterVault, Vault } from "../../../lib/platform/types.ts";
import { vault } from "../../../manifests/components/secrets/vault.ts";
import { configChecksumAnnotation } from "../../../manifests/components/workload/checksum.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { sampleOutsideVault, sampleSeal, sampleVault } from "../../platform/sample_vault.ts";
import { find } from "../find.ts";

function rendered(
  changes: Partial<ClusterVault> = {},
  others: Record<string, Vault> = {},
  name = "vault",
) {
  const options = sampleVault(changes);
  return vault(name, options, samplePlatform({ vaults: { [name]: options, ...others } }));
}

function podOf(manifests: ReturnType<typeof rendered>) {
  const { spec } = find(manifests, "StatefulSet", "vault/vault").spec.template;
  const [container] = spec.containers;
  const variables = Object.fromEntries(
    container.env.map((
      { name, value, valueFrom }: { name: string; value?: string; valueFrom?: unknown },
    ) => [name, value ?? valueFrom]),
  );
  return { spec, container, variables };
}

const manifests = rendered();
const { spec } = find(manifests, "StatefulSet", "vault/vault");
const { container } = podOf(manifests);

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
  const paths = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  assert.deepEqual(paths, ["/vault/config", "/vault/data", "/home/vault", "/tmp"]);
  assert.equal(container.volumeMounts[0].readOnly, true);
});

Deno.test("vault() marks its pods with the checksum of the configuration that they started with", () => {
  const config = find(manifests, "ConfigMap", "vault/vault-config").data["vault.hcl"];
  assert.equal(
    spec.template.metadata.annotations[configChecksumAnnotation],
    createHash("sha256").update(config).digest("hex"),
  );
});

Deno.test("vault() leaves restarts to who can unseal, and of several servers to who takes the leader last", () => {
  const bootstrap = sampleOutsideVault();
  const strategyOf = (changes: Partial<ClusterVault>) =>
    find(rendered(changes, { bootstrap }), "StatefulSet", "vault/vault").spec.updateStrategy.type;
  assert.equal(strategyOf({}), "OnDelete");
  assert.equal(strategyOf({ seal: sampleSeal }), "RollingUpdate");
  assert.equal(strategyOf({ seal: sampleSeal, replicas: 3 }), "OnDelete");
});

Deno.test("vault() may review tokens and mark its own pods, and nothing more", () => {
  const binding = find(manifests, "ClusterRoleBinding", "vault-vault-token-review");
  assert.equal(binding.roleRef.name, "system:auth-delegator");
  assert.deepEqual(binding.subjects, [
    { kind: "ServiceAccount", name: "vault", namespace: "vault" },
  ]);
  assert.deepEqual(
    find(rendered({ replicas: 3 }), "Role", "vault/vault-registration").rules,
    [{
      apiGroups: [""],
      resources: ["pods"],
      resourceNames: ["vault-0", "vault-1", "vault-2"],
      verbs: ["get", "update", "patch"],
    }],
  );
});

Deno.test("vault() has a Service of the active server, which the server itself marks", () => {
  const config = find(manifests, "ConfigMap", "vault/vault-config").data["vault.hcl"];
  assert.match(config, /service_registration "kubernetes" \{\}/);
  const { variables } = podOf(manifests);
  assert.deepEqual(variables["VAULT_K8S_POD_NAME"], { fieldRef: { fieldPath: "metadata.name" } });
  assert.deepEqual(variables["VAULT_K8S_NAMESPACE"], {
    fieldRef: { fieldPath: "metadata.namespace" },
  });
  const { spec } = find(manifests, "Service", "vault/vault-active");
  assert.equal(spec.selector["vault-active"], "true");
  assert.equal("publishNotReadyAddresses" in spec, false);
});

Deno.test("vault() can be reached before it is ready, as joining and unsealing need", () => {
  assert.equal(find(manifests, "Service", "vault/vault-internal").spec.clusterIP, "None");
  for (const name of ["vault/vault", "vault/vault-internal"]) {
    assert.equal(find(manifests, "Service", name).spec.publishNotReadyAddresses, true);
  }
});

Deno.test("vault() keeps the pods of several servers apart, and never lets Raft lose its majority to a drain", () => {
  const several = rendered({ replicas: 3 });
  const { affinity } = podOf(several).spec;
  assert.equal(
    affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length,
    1,
  );
  assert.equal(find(several, "PodDisruptionBudget", "vault/vault").spec.maxUnavailable, 1);
  const five = rendered({ replicas: 5 });
  assert.equal(find(five, "PodDisruptionBudget", "vault/vault").spec.maxUnavailable, 2);
});

Deno.test("vault() with one server has no budget, which could only keep its node from being drained", () => {
  assert.equal(manifests.some(({ kind }) => kind === "PodDisruptionBudget"), false);
  assert.equal("affinity" in podOf(manifests).spec, false);
});

Deno.test("vault() with tls mounts its Secret, probes by HTTPS and names its ports so", () => {
  const secure = rendered({ tls: { secret: "vault-tls" } });
  const { spec, container, variables } = podOf(secure);
  assert.deepEqual(
    container.volumeMounts.find(({ mountPath }: { mountPath: string }) =>
      mountPath === "/vault/tls"
    ).readOnly,
    true,
  );
  assert.ok(
    spec.volumes.some(({ secret }: { secret?: { secretName: string } }) =>
      secret?.secretName === "vault-tls"
    ),
  );
  for (const probe of [container.livenessProbe, container.readinessProbe]) {
    assert.equal(probe.httpGet.scheme, "HTTPS");
    assert.equal(probe.httpGet.port, "https");
  }
  assert.equal(variables["VAULT_ADDR"], "https://127.0.0.1:8200");
  assert.equal(variables["VAULT_CACERT"], "/vault/tls/ca.crt");
  for (const service of ["vault", "vault-active", "vault-internal"]) {
    const [port] = find(secure, "Service", `vault/${service}`).spec.ports;
    assert.deepEqual([port.name, port.targetPort], ["https", "https"]);
  }
});

Deno.test("vault() tells others a name of each server for which a certificate can be valid", () => {
  for (const [changes, scheme] of [[{}, "http"], [{ tls: { secret: "t" } }, "https"]] as const) {
    assert.equal(
      podOf(rendered(changes)).variables["VAULT_API_ADDR"],
      `${scheme}://$(VAULT_RAFT_NODE_ID).vault-internal.vault.svc:8200`,
    );
  }
});

Deno.test("vault() takes the token that unseals it from a Secret, and the other one's authority too", () => {
  const caCert = "-----BEGIN CERTIFICATE-----\n";
  const sealed = rendered({ seal: sampleSeal }, {
    bootstrap: sampleOutsideVault({ outside: { address: "https://b.example.org:8200", caCert } }),
  });
  const { spec, variables } = podOf(sealed);
  assert.deepEqual(variables["VAULT_TOKEN"], {
    secretKeyRef: { name: "vault-unseal", key: "TOKEN" },
  });
  assert.ok(
    spec.volumes.some(({ secret }: { secret?: { secretName: string } }) =>
      secret?.secretName === "bootstrap-ca"
    ),
  );
});

Deno.test("vault() in development mode keeps nothing, and takes its root token from a Secret", () => {
  const manifests = rendered({
    storage: undefined,
    development: {
      rootToken: { secret: "vault-bootstrap", key: "ROOT_TOKEN" },
      because: "it only holds the key of the other one",
    },
  });
  const { spec } = find(manifests, "StatefulSet", "vault/vault");
  assert.equal(spec.volumeClaimTemplates, undefined);
  const [container] = spec.template.spec.containers;
  assert.ok(container.command.includes("-dev"));
  assert.deepEqual(container.env[0].valueFrom, {
    secretKeyRef: { name: "vault-bootstrap", key: "ROOT_TOKEN" },
  });
  assert.equal(manifests.some(({ kind }) => kind === "ConfigMap" || kind === "Role"), false);
  const names = new Set(container.ports.map(({ name }: { name: string }) => name));
  for (const service of ["vault/vault", "vault/vault-internal"]) {
    for (const { targetPort } of find(manifests, "Service", service).spec.ports) {
      assert.ok(names.has(targetPort), `${service}: ${targetPort}`);
    }
  }
});
