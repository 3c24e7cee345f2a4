import assert from "node:assert/strict";
import { checkCharts } from "../../../lib/platform/check/charts.ts";
import { checkGitops } from "../../../lib/platform/check/gitops.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Application, Platform, Project } from "../../../lib/platform/types.ts";
import { sampleZalando } from "../sample_data.ts";
import { samplePlatform } from "../sample_platform.ts";

const project: Project = {
  namespace: "argocd",
  description: "The shop",
  sourceRepositories: ["https://example.org/shop/*"],
  destinations: ["shop"],
};

const application: Application = {
  namespace: "argocd",
  project: "shop",
  repository: "https://example.org/shop/gitops",
  path: "apps/web",
  revision: "main",
  destination: "shop",
  autoSync: true,
  prune: true,
  selfHeal: true,
};

function mistakesOf(platform: Partial<Platform>): string[] {
  const whole = samplePlatform({
    namespaces: { shop: {}, argocd: {} } as Platform["namespaces"],
    projects: { shop: project },
    ...platform,
  });
  return [...checkGitops(whole), ...checkCharts(whole)]
    .map(({ path, message }) => `${pathText(path)}: ${message}`);
}

Deno.test("checkGitops() finds nothing where projects allow what their Applications do", () => {
  const { destination: _none, ...delivery } = application;
  assert.deepEqual(
    mistakesOf({
      applications: { web: application, other: { ...application, project: "default" } },
      rootApplication: { ...delivery, project: "default", name: "root-app" },
    }),
    [],
  );
});

Deno.test("checkGitops() refuses Applications of projects that nobody declares, or that do not allow them", () => {
  assert.deepEqual(
    mistakesOf({
      applications: {
        a: { ...application, project: "shp" },
        b: {
          ...application,
          repository: "https://example.org/other/gitops",
          destination: "argocd",
          namespace: "shop",
        },
      },
    }),
    [
      "applications.a.project: no project is called shp, expected one of default, shop; did you mean shop?",
      "applications.b.repository: project shop takes nothing from https://example.org/other/gitops, expected one of https://example.org/shop/*",
      "applications.b.destination: project shop deploys nothing to argocd, expected one of shop",
      "applications.b.namespace: project shop is in argocd, expected the same namespace",
    ],
  );
});

Deno.test("checkGitops() refuses pruning and healing without automatic syncs", () => {
  assert.deepEqual(
    mistakesOf({
      applications: {
        a: { ...application, autoSync: false },
        b: { ...application, autoSync: false, prune: false },
        c: { ...application, autoSync: false, prune: false, selfHeal: false },
      },
    }),
    [
      "applications.a.prune: true, expected false while autoSync is false: both belong to automatic syncs",
      "applications.b.selfHeal: true, expected false while autoSync is false: both belong to automatic syncs",
    ],
  );
});

Deno.test("checkGitops() refuses a root Application with the name of another one", () => {
  const { destination: _none, ...delivery } = application;
  assert.deepEqual(
    mistakesOf({
      applications: { web: application },
      rootApplication: { ...delivery, project: "default", name: "web" },
    }),
    ["rootApplication.name: an application is called web too, expected another name"],
  );
});

Deno.test("checkCharts() wants a declared namespace, and with Argo CD a project that allows the chart", () => {
  const values = {};
  assert.deepEqual(
    mistakesOf({
      charts: {
        "cert-manager": { namespace: "certs", via: "k3s", values },
        "metrics-server": { namespace: "shop", via: "k3s", project: "shop", values },
        "external-secrets": { namespace: "shop", via: "argocd", values },
        "sealed-secrets": { namespace: "argocd", via: "argocd", project: "shop", values },
      },
    }),
    [
      "charts.cert-manager.namespace: no namespace is called certs, expected one of argocd, shop",
      "charts.metrics-server.project: expected only with via: argocd; k3s knows no projects",
      "charts.external-secrets.project: missing, expected one of the platform's projects, since via is argocd",
      "projects.shop.sourceRepositories: without https://bitnami.github.io/sealed-secrets, expected it: chart sealed-secrets comes from there",
      "projects.shop.destinations: without argocd, expected it: chart sealed-secrets is installed there",
    ],
  );
});

Deno.test("checkCharts() wants Harbor's passwords under the keys that its chart reads", () => {
  const secret = (keys: string[]): Platform["sealedSecrets"][string] => ({
    namespace: "shop",
    scope: "strict",
    type: "Opaque",
    keys,
    sealed: {},
  });
  assert.deepEqual(
    mistakesOf({
      sealedSecrets: { redis: secret(["PASSWORD"]) },
      charts: {
        harbor: {
          namespace: "shop",
          via: "k3s",
          values: {
            host: "harbor.example.org",
            storage: { storageClass: "disk", size: "100Gi" },
            database: {
              host: "db",
              name: "registry",
              user: "harbor",
              password: { secret: "db", key: "PASSWORD" },
            },
            redis: "redis:6379",
            redisSecret: "redis",
            adminPassword: { secret: "harbor", key: "PASSWORD" },
          },
        },
      },
    }),
    [
      "charts.harbor.values.database.password.key: PASSWORD, expected password: the chart reads no other key",
      "charts.harbor.values.redisSecret: secret redis has no key REDIS_PASSWORD, expected one",
    ],
  );
});

Deno.test("checkCharts() refuses replacements of things that did not come to an end", () => {
  const [message, ...others] = mistakesOf({ replacements: { promtial: { by: "Grafana Alloy" } } });
  assert.deepEqual(others, []);
  assert.match(message!, /^replacements\.promtial: no thing .*did you mean promtail\?$/);
});

Deno.test("checkCharts() refuses Secrets in other namespaces of which the Postgres operator is not told", () => {
  const mistakes = (crossNamespaceSecrets?: boolean) =>
    checkCharts(samplePlatform({
      namespaces: { operators: {} },
      charts: {
        "postgres-operator": {
          namespace: "operators",
          via: "k3s",
          values: { crossNamespaceSecrets },
        },
      },
      postgres: {
        db: sampleZalando({ users: { owner: { flags: [], secretNamespace: "apps" } } }),
      },
    })).map(({ path, message }) => `${pathText(path)}: ${message}`);
  assert.deepEqual(mistakes(), [
    "postgres.db.users.owner.secretNamespace: apps, but the operator is not told to make Secrets " +
    "there, expected charts.postgres-operator.values.crossNamespaceSecrets: true",
  ]);
  assert.deepEqual(mistakes(true), []);
});
