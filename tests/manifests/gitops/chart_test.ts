import assert from "node:assert/strict";
import { parse } from "yaml";
import { loadPlatform } from "../../../lib/platform/load.ts";
import type { Charts, Platform } from "../../../lib/platform/types.ts";
import { charts } from "../../../manifests/components/gitops/chart.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { find } from "../find.ts";

const resources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

const rendered = (charts_: Charts, platform: Partial<Platform> = {}) =>
  charts(samplePlatform({ charts: charts_, ...platform }));

/** Values that k3s is told for a chart. */
function valuesOf(charts_: Charts) {
  const [manifest] = rendered(charts_);
  return parse((manifest!["spec"] as { valuesContent: string }).valuesContent);
}

Deno.test("charts() lets k3s install a pinned chart into its namespace", () => {
  const [manifest] = rendered({
    "metrics-server": { namespace: "kube-system", via: "k3s", values: { replicas: 2, resources } },
  });
  const { spec } = find([manifest!], "HelmChart", "kube-system/metrics-server");
  assert.deepEqual({ ...spec, valuesContent: parse(spec.valuesContent) }, {
    repo: "https://kubernetes-sigs.github.io/metrics-server",
    chart: "metrics-server",
    version: "3.13.0",
    targetNamespace: "kube-system",
    valuesContent: {
      replicas: 2,
      resources,
      podDisruptionBudget: { enabled: true, minAvailable: 1 },
    },
  });
});

Deno.test("charts() names a chart of a registry by its whole URL for k3s, and without the scheme for Argo CD", () => {
  const options = { namespace: "gateway-system", values: {} };
  const k3s = rendered({ "envoy-gateway": { ...options, via: "k3s" } });
  const helmChart = find(k3s, "HelmChart", "kube-system/envoy-gateway").spec;
  assert.equal(helmChart.chart, "oci://docker.io/envoyproxy/gateway-helm");
  assert.equal("repo" in helmChart, false);
  const argocd = rendered({ "envoy-gateway": { ...options, via: "argocd", project: "system" } }, {
    projects: {
      system: {
        namespace: "argocd",
        description: "Systems",
        sourceRepositories: ["*"],
        destinations: ["gateway-system"],
      },
    },
  });
  const { spec } = find(argocd, "Application", "argocd/envoy-gateway");
  assert.equal(spec.project, "system");
  assert.equal(spec.destination.namespace, "gateway-system");
  assert.equal(spec.source.repoURL, "docker.io/envoyproxy");
  assert.equal(spec.source.chart, "gateway-helm");
});

Deno.test("charts() of the project that Argo CD has of itself go where Argo CD is", () => {
  const chart = { namespace: "shop", via: "argocd" as const, project: "default", values: {} };
  const argoCd = { namespace: "delivery", via: "k3s" as const, values: {} };
  find(rendered({ "sealed-secrets": chart }), "Application", "argocd/sealed-secrets");
  find(
    rendered({ "argo-cd": argoCd, "sealed-secrets": chart }),
    "Application",
    "delivery/sealed-secrets",
  );
});

Deno.test("charts() only configures what k3s brings itself", () => {
  const manifests = rendered({
    traefik: {
      namespace: "kube-system",
      via: "k3s",
      values: { replicas: 2, service: { externalTrafficPolicy: "Local" } },
    },
  });
  const { spec } = find(manifests, "HelmChartConfig", "kube-system/traefik");
  assert.deepEqual(Object.keys(spec), ["valuesContent"]);
  assert.deepEqual(parse(spec.valuesContent), {
    deployment: { replicas: 2 },
    service: { spec: { externalTrafficPolicy: "Local" } },
  });
});

Deno.test("charts() lets Helm take over definitions that a chart cannot leave out", () => {
  const manifests = rendered({ longhorn: { namespace: "shop", via: "k3s", values: {} } });
  assert.equal(find(manifests, "HelmChart", "kube-system/longhorn").spec.takeOwnership, true);
});

Deno.test("charts bring no definitions that Slipway brings", () => {
  const plain = { namespace: "shop", via: "k3s" as const, values: {} };
  assert.equal(valuesOf({ "cert-manager": plain }).crds.enabled, false);
  assert.equal(valuesOf({ "external-secrets": plain }).installCRDs, false);
  assert.equal(valuesOf({ "argo-cd": plain }).crds.install, false);
  assert.equal(valuesOf({ "cloudnative-pg": plain }).crds.create, false);
  assert.equal(valuesOf({ "kube-prometheus-stack": plain }).crds.enabled, false);
  assert.equal(
    valuesOf({ "postgres-operator": plain }).configGeneral.enable_crd_registration,
    false,
  );
});

Deno.test("charts set nothing that the platform does not set, but what Slipway always sets", () => {
  const plain = { namespace: "shop", via: "k3s" as const, values: {} };
  assert.deepEqual(valuesOf({ "sealed-secrets": plain }), {
    fullnameOverride: "sealed-secrets-controller",
  });
  assert.deepEqual(valuesOf({ "cert-manager": plain }), { crds: { enabled: false } });
});

Deno.test("the chart argo-cd logs people in by a secret that stays in its Secret", () => {
  const { configs, server, controller } = valuesOf({
    "argo-cd": {
      namespace: "argocd",
      via: "k3s",
      values: {
        host: "argocd.example.org",
        server: { replicas: 2, resources },
        oidc: {
          name: "Authentik",
          issuer: "https://auth.example.org/application/o/argocd/",
          clientId: "argocd",
          clientSecret: { secret: "argocd-oidc", key: "client-secret" },
          adminGroups: ["devops"],
        },
      },
    },
  });
  assert.deepEqual(parse(configs.cm["oidc.config"]), {
    name: "Authentik",
    issuer: "https://auth.example.org/application/o/argocd/",
    clientID: "argocd",
    clientSecret: "$argocd-oidc:client-secret",
    requestedScopes: ["openid", "profile", "email", "groups"],
  });
  assert.equal(configs.rbac["policy.csv"], "g, devops, role:admin\n");
  assert.equal(configs.rbac["policy.default"], "role:readonly");
  assert.deepEqual(server, { replicas: 2, resources });
  assert.equal(controller, undefined);
});

Deno.test("the chart ingress-nginx scales by CPU alone, and believes a balancer in front", () => {
  const { controller } = valuesOf({
    "ingress-nginx": {
      namespace: "shop",
      via: "k3s",
      values: {
        autoscaling: { minReplicas: 3, maxReplicas: 10, cpuUtilizationPercent: 70 },
        service: { type: "NodePort", nodePorts: { http: 30080, https: 30443 } },
        proxyProtocol: true,
      },
    },
  });
  assert.deepEqual(controller.autoscaling, {
    enabled: true,
    minReplicas: 3,
    maxReplicas: 10,
    targetCPUUtilizationPercentage: 70,
    targetMemoryUtilizationPercentage: null,
  });
  assert.deepEqual(controller.service, {
    type: "NodePort",
    nodePorts: { http: 30080, https: 30443 },
  });
  assert.deepEqual(controller.config, { "use-proxy-protocol": "true" });
});

Deno.test("the charts harbor and gitea bring no databases, and take passwords from Secrets", () => {
  const database = {
    host: "db.shop.svc",
    name: "app",
    user: "app",
    password: { secret: "db", key: "password" },
  };
  const storage = { storageClass: "disk", size: "100Gi" };
  const harbor = valuesOf({
    harbor: {
      namespace: "shop",
      via: "k3s",
      values: {
        host: "harbor.example.org",
        storage,
        database,
        redis: "redis:6379",
        adminPassword: { secret: "harbor", key: "PASSWORD" },
      },
    },
  });
  assert.equal(harbor.database.type, "external");
  assert.equal(harbor.database.external.existingSecret, "db");
  assert.equal(harbor.redis.type, "external");
  assert.deepEqual(harbor.persistence.persistentVolumeClaim.registry, storage);
  assert.equal(harbor.trivy.enabled, true);
  const gitea = valuesOf({
    gitea: {
      namespace: "shop",
      via: "k3s",
      values: {
        host: "git.example.org",
        storage,
        database,
        redisUrl: { secret: "redis", key: "URL" },
        adminSecret: "admin",
      },
    },
  });
  for (const part of ["postgresql", "postgresql-ha", "valkey", "valkey-cluster"]) {
    assert.deepEqual(gitea[part], { enabled: false });
  }
  assert.deepEqual(gitea.gitea.additionalConfigFromEnvs[0], {
    name: "GITEA__DATABASE__PASSWD",
    valueFrom: { secretKeyRef: { name: "db", key: "password" } },
  });
});

Deno.test("a chart's values are checked where they stand, with the names that were meant", () => {
  const text = [
    "name: demo",
    "domain: example.org",
    "environments: { test: {} }",
    "namespaces: { argocd: {} }",
    "charts:",
    "  argo-cd:",
    "    namespace: argocd",
    "    values: { servers: { replicas: 2 } }",
    "  certmanager: { namespace: argocd }",
  ].join("\n");
  assert.throws(
    () => loadPlatform(text, { file: "platform.yaml" }),
    (error: unknown) =>
      error instanceof Error &&
      /8:15: charts\.argo-cd\.values\.servers: unknown key.*did you mean server\?/.test(
        error.message,
      ) &&
      /9:3: charts\.certmanager: unknown key.*did you mean cert-manager\?/.test(error.message),
  );
});

Deno.test("charts() lets balancers in front of Traefik ask each node on a port that stays", () => {
  const service = { externalTrafficPolicy: "Local", healthCheckNodePort: 32080 } as const;
  const values = valuesOf({
    traefik: { namespace: "kube-system", via: "k3s", values: { service } },
  });
  assert.deepEqual(values.service.spec, service);
});

Deno.test("charts() tells the Postgres operator to make Secrets in other namespaces, when it is to", () => {
  const told = (crossNamespaceSecrets?: boolean) =>
    valuesOf({
      "postgres-operator": {
        namespace: "postgres-operator",
        via: "k3s",
        values: { crossNamespaceSecrets },
      },
    }).configKubernetes.enable_cross_namespace_secret;
  assert.equal(told(true), true);
  assert.equal(told(), undefined);
});
