import assert from "node:assert/strict";
import { subjectOf } from "../../lib/core/object.ts";
import { parseQuantity } from "../../lib/core/units.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { review } from "../../lib/review/review.ts";
import { find, namesOf } from "./find.ts";

const { platform, manifests } = await renderPlatform(
  { platform: "bareuptime", env: "production" },
  { cwd: Deno.cwd() },
);
const ns = "bareuptime-backend";
const deployment = find(manifests, "Deployment", `${ns}/bareuptime-backend`).spec;
const pod = deployment.template.spec;
const [backend] = pod.containers;
const autoscaler = find(manifests, "HorizontalPodAutoscaler", `${ns}/bareuptime-backend`).spec;

Deno.test("BareUptime has the namespaces of its architecture and Longhorn's, its own ones restricted", () => {
  const levels = Object.fromEntries(
    namesOf(manifests, "Namespace").map((name) => [
      name,
      find(manifests, "Namespace", name).metadata.labels["pod-security.kubernetes.io/enforce"],
    ]),
  );
  assert.deepEqual(levels, {
    argocd: "baseline",
    "bareuptime-backend": "restricted",
    "cert-manager": "restricted",
    "external-secrets-system": "restricted",
    "longhorn-system": "privileged",
    vault: "restricted",
  });
});

Deno.test("BareUptime's backend is promised 150m and 365Mi, and may use 500m and 512Mi", () => {
  assert.deepEqual(backend.resources, {
    requests: { cpu: "150m", memory: "365Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
  });
});

Deno.test("BareUptime needs 450m to 1.5 cores, 1095Mi to 1.5Gi and 1Gi of storage in all", () => {
  const { requests, limits } = backend.resources;
  const pods = autoscaler.minReplicas;
  // In whole thousandths: 3 * 0.15 is not 0.45 in floating point.
  assert.equal(Math.round(pods * parseQuantity(requests.cpu) * 1000), 450);
  assert.equal(Math.round(pods * parseQuantity(limits.cpu) * 1000), 1500);
  assert.equal(pods * parseQuantity(requests.memory), parseQuantity("1095Mi"));
  assert.equal(pods * parseQuantity(limits.memory), parseQuantity("1.5Gi"));
  const claim = find(manifests, "PersistentVolumeClaim", `${ns}/backend-storage`).spec;
  assert.equal(claim.resources.requests.storage, "1Gi");
  assert.deepEqual(claim.accessModes, ["ReadWriteMany"]);
});

Deno.test("BareUptime scales from 3 to 10 pods at 80 percent, and sets no number itself", () => {
  assert.equal("replicas" in deployment, false);
  assert.deepEqual([autoscaler.minReplicas, autoscaler.maxReplicas], [3, 10]);
  assert.equal(autoscaler.metrics[0].resource.target.averageUtilization, 80);
});

Deno.test("BareUptime's pods never share a node, and at most one is missing", () => {
  const [term] = pod.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  assert.equal(term.topologyKey, "kubernetes.io/hostname");
  assert.deepEqual(term.labelSelector.matchLabels, { app: "bareuptime-backend" });
  assert.equal(deployment.strategy.rollingUpdate.maxUnavailable, 1);
  const budget = find(manifests, "PodDisruptionBudget", `${ns}/bareuptime-backend`).spec;
  assert.equal(budget.maxUnavailable, 1);
});

Deno.test("BareUptime's backend listens on 8080, and is asked for /health", () => {
  assert.equal(backend.name, "backend");
  assert.deepEqual(backend.ports, [{ name: "http", containerPort: 8080, protocol: "TCP" }]);
  for (const probe of [backend.livenessProbe, backend.readinessProbe]) {
    assert.deepEqual(probe.httpGet, { path: "/health", port: "http" });
  }
  const service = find(manifests, "Service", `${ns}/backend`).spec;
  assert.equal(service.type, "ClusterIP");
  assert.deepEqual(service.ports.map(({ port }: { port: number }) => port), [8080]);
  assert.deepEqual(service.selector, { app: "bareuptime-backend" });
});

Deno.test("BareUptime's backend waits for the database, at 10.10.85.1:5432 behind a Service", () => {
  assert.equal(pod.initContainers.length, 1);
  assert.deepEqual(pod.initContainers[0].command.slice(-2), [`postgres.${ns}.svc`, "5432"]);
  const slice = find(manifests, "EndpointSlice", `${ns}/postgres-external`);
  assert.equal(slice.metadata.labels["kubernetes.io/service-name"], "postgres");
  assert.deepEqual(slice.endpoints.flatMap(addressesOf), ["10.10.85.1"]);
  assert.deepEqual(slice.ports.map(portOf), [5432]);
  assert.equal("selector" in find(manifests, "Service", `${ns}/postgres`).spec, false);
});

Deno.test("BareUptime reaches ClickHouse at both addresses, and Sentinel, by Services", () => {
  const slice = find(manifests, "EndpointSlice", `${ns}/clickhouse-external`);
  assert.deepEqual(slice.endpoints.flatMap(addressesOf), ["10.10.85.1", "10.10.85.5"]);
  assert.deepEqual(slice.ports.map(portOf), [9000, 8123]);
  const sentinel = find(manifests, "Service", `${ns}/sentinel`).spec;
  assert.equal(sentinel.type, "ExternalName");
  assert.deepEqual(sentinel.ports.map(portOf), [26379]);
});

Deno.test("BareUptime's backend has its environment from six secrets, and speaks TLS to Postgres", () => {
  assert.deepEqual(
    backend.envFrom.map(({ secretRef }: { secretRef: { name: string } }) => secretRef.name).sort(),
    [
      "app-config",
      "clickhouse-credentials",
      "database-credentials",
      "github-credentials",
      "google-service-account",
      "redis-credentials",
    ],
  );
  const env = Object.fromEntries(
    backend.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  assert.equal(env["PGSSLMODE"], "verify-full");
  const mounted = backend.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  assert.deepEqual(mounted, ["/opt/bareuptime", "/secrets", "/tls/postgres", "/tmp"]);
  const secrets = pod.volumes.find(({ name }: { name: string }) => name === "secrets");
  assert.equal(secrets.secret.items[0].path, "google-service-account.json");
  assert.equal(pod.serviceAccountName, "bareuptime-backend");
  assert.deepEqual(pod.imagePullSecrets, [{ name: "ghcr-credentials" }]);
});

Deno.test("BareUptime syncs six secrets and the pull secret from Vault, every hour", () => {
  const sources = Object.fromEntries(
    namesOf(manifests, "ExternalSecret").filter((name) => !ofBackups(name)).map((name) => {
      const { spec } = find(manifests, "ExternalSecret", name);
      assert.equal(spec.refreshInterval, "1h");
      assert.deepEqual(spec.secretStoreRef, { kind: "SecretStore", name: "vault-backend" });
      return [spec.target.name, spec.data[0].remoteRef.key];
    }),
  );
  assert.deepEqual(sources, {
    "app-config": "bareuptime/config",
    "clickhouse-credentials": "shared/clickhouse",
    "database-credentials": "bareuptime/database",
    "ghcr-credentials": "bareuptime/ghcr",
    "github-credentials": "bareuptime/auth",
    "google-service-account": "bareuptime/google-service-account",
    "redis-credentials": "shared/redis",
  });
  const pull = find(manifests, "ExternalSecret", `${ns}/ghcr-credentials`).spec.target.template;
  assert.equal(pull.type, "kubernetes.io/dockerconfigjson");
});

Deno.test("BareUptime's backups have the key of their store from Vault too, through a store for their namespaces alone", () => {
  for (const name of namesOf(manifests, "ExternalSecret").filter(ofBackups)) {
    const { data, refreshInterval, secretStoreRef } = find(manifests, "ExternalSecret", name).spec;
    assert.equal(refreshInterval, "1h");
    assert.equal(data[0].remoteRef.key, "bareuptime/backups");
    assert.equal(
      secretStoreRef.kind,
      name.startsWith(`${ns}/`) ? "SecretStore" : "ClusterSecretStore",
    );
  }
  const { conditions } = find(manifests, "ClusterSecretStore", "vault-backups").spec;
  assert.deepEqual(conditions, [{ namespaces: ["longhorn-system", "vault"] }]);
});

Deno.test("BareUptime's store asks vault:8200 as the service account of the backend", () => {
  const { vault } = find(manifests, "SecretStore", `${ns}/vault-backend`).spec.provider;
  assert.equal(new URL(vault.server).port, "8200");
  assert.deepEqual([vault.path, vault.version], ["secret", "v2"]);
  assert.deepEqual(vault.auth.kubernetes.serviceAccountRef, { name: "bareuptime-backend" });
});

Deno.test("BareUptime's hosts arrive at priority 100 through limits, headers and CORS, by TLS 1.2 or newer", () => {
  const routes = Object.fromEntries(
    [`${ns}/backend-api`, `${ns}/backend-mcp`, "vault/vault"].map((name) => {
      const { routes: [rule], tls } = find(manifests, "IngressRoute", name).spec;
      assert.equal(rule.priority, 100);
      assert.equal(tls.options.name, "tls-1-2");
      return [rule.match, rule.middlewares.map(({ name }: { name: string }) => name)];
    }),
  );
  assert.deepEqual(routes, {
    "Host(`api1.bareuptime.co`) || Host(`api.bareuptime.co`)": [
      "rate-limit-api",
      "security-headers",
      "cors",
    ],
    "Host(`mcp.bareuptime.co`)": ["rate-limit-mcp", "security-headers", "cors"],
    "Host(`vault.bareuptime.co`)": ["rate-limit-api", "security-headers"],
  });
  for (const name of namesOf(manifests, "TLSOption")) {
    assert.equal(find(manifests, "TLSOption", name).spec.minVersion, "VersionTLS12");
  }
});

Deno.test("BareUptime allows 200 API and 100 MCP requests a minute", () => {
  const limitOf = (name: string) => find(manifests, "Middleware", `${ns}/${name}`).spec.rateLimit;
  assert.deepEqual(limitOf("rate-limit-api"), { average: 200, period: "1m", burst: 200 });
  assert.deepEqual(limitOf("rate-limit-mcp"), { average: 100, period: "1m", burst: 100 });
});

Deno.test("BareUptime sends security headers, and lets only its own site call across origins", () => {
  const { headers } = find(manifests, "Middleware", `${ns}/security-headers`).spec;
  assert(headers.stsSeconds >= 31_536_000);
  assert.deepEqual(
    [headers.frameDeny, headers.contentTypeNosniff, headers.browserXssFilter],
    [true, true, true],
  );
  const cors = find(manifests, "Middleware", `${ns}/cors`).spec.headers;
  assert.deepEqual(cors.accessControlAllowOriginList, ["https://bareuptime.co"]);
});

Deno.test("BareUptime redirects plain HTTP, but not the challenges for its certificates", () => {
  for (const name of [`${ns}/backend-api-redirect`, `${ns}/backend-mcp-redirect`]) {
    const { entryPoints, routes: [rule] } = find(manifests, "IngressRoute", name).spec;
    assert.deepEqual(entryPoints, ["web"]);
    assert.equal(rule.priority, 1);
  }
});

Deno.test("BareUptime has both issuers of Let's Encrypt, and a certificate for each host", () => {
  assert.deepEqual(namesOf(manifests, "ClusterIssuer"), [
    "letsencrypt-production",
    "letsencrypt-staging",
  ]);
  const hosts = namesOf(manifests, "Certificate").flatMap((name) =>
    find(manifests, "Certificate", name).spec.dnsNames
  );
  assert.deepEqual(hosts.sort(), [
    "api.bareuptime.co",
    "api1.bareuptime.co",
    "mcp.bareuptime.co",
    "vault.bareuptime.co",
  ]);
});

Deno.test("BareUptime denies by default in its namespaces, and opens what it needs", () => {
  const policies = namesOf(manifests, "NetworkPolicy");
  const own = [ns, "vault", "argocd", "cert-manager", "external-secrets-system"];
  for (const namespace of own) assert(policies.includes(`${namespace}/default-deny`));
  const [rule] = find(manifests, "NetworkPolicy", `${ns}/bareuptime-backend-to-sentinel`).spec
    .egress;
  assert.deepEqual(rule.ports.map(portOf), [26379, 6379]);
  const [traefik] = find(manifests, "NetworkPolicy", `${ns}/bareuptime-backend-from-traefik`).spec
    .ingress;
  assert.deepEqual(traefik.from[0].namespaceSelector.matchLabels, {
    "kubernetes.io/metadata.name": "kube-system",
  });
});

Deno.test("BareUptime is synced by Argo CD from its repository, with prune and self-heal", () => {
  const { spec } = find(manifests, "Application", "argocd/bareuptime-backend");
  assert.equal(spec.source.repoURL, "https://github.com/bareuptime/new-infra");
  assert.equal(spec.source.path, "apps/bareuptime-backend");
  assert.equal(spec.destination.namespace, ns);
  const project = find(manifests, "AppProject", `argocd/${spec.project}`).spec;
  assert.deepEqual(project.sourceRepos, [spec.source.repoURL]);
  assert.deepEqual(project.destinations.map(namespaceOf), [ns]);
  assert.deepEqual(spec.syncPolicy.automated, { prune: true, selfHeal: true });
});

Deno.test("BareUptime runs one Vault, vault-0, on port 8200", () => {
  const { spec } = find(manifests, "StatefulSet", "vault/vault");
  assert.equal(spec.replicas, 1);
  assert.equal(spec.template.spec.containers[0].ports[0].containerPort, 8200);
  assert.equal(find(manifests, "Service", "vault/vault").spec.ports[0].port, 8200);
});

Deno.test("BareUptime's backups run by their names, never twice at once", () => {
  const jobs = namesOf(manifests, "CronJob");
  assert.deepEqual(jobs, [
    `${ns}/backup-clickhouse`,
    `${ns}/backup-postgres`,
    "vault/backup-vault",
  ]);
  for (const name of jobs) {
    const { spec } = find(manifests, "CronJob", name);
    assert.equal(spec.suspend, false);
    assert.equal(spec.concurrencyPolicy, "Forbid");
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    assert.deepEqual(container.command.slice(4, 10), [
      ...["--platform", "bareuptime", "--env", "production"],
      ...["--job", name.split("/")[1]],
    ]);
  }
});

Deno.test("the review has nothing to say of BareUptime", () => {
  const { findings, idle } = review(manifests, platform);
  assert.deepEqual(findings.map(({ object, rule }) => `${rule} ${subjectOf(object)}`), []);
  assert.deepEqual(idle, []);
});

function ofBackups(name: string): boolean {
  return /backup/.test(name);
}

function namespaceOf({ namespace }: { namespace: string }): string {
  return namespace;
}

function addressesOf({ addresses }: { addresses: string[] }): string[] {
  return addresses;
}

function portOf({ port }: { port: number }): number {
  return port;
}
