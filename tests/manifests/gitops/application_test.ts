import assert from "node:assert/strict";
import type { Application } from "../../../lib/platform/types.ts";
import { application, rootApplication } from "../../../manifests/components/gitops/application.ts";
import { project } from "../../../manifests/components/gitops/project.ts";
import { find } from "../find.ts";

const options: Application = {
  namespace: "argocd",
  project: "shop",
  repository: "https://example.org/shop/gitops",
  path: "apps/web",
  revision: "main",
  destination: "shop",
  autoSync: true,
  prune: false,
  selfHeal: true,
};

Deno.test("application() syncs by itself as the platform says, and not at all without autoSync", () => {
  const automatic = find(application("web", options), "Application", "argocd/web").spec;
  assert.deepEqual(automatic.syncPolicy.automated, { prune: false, selfHeal: true });
  const manual = find(
    application("web", { ...options, autoSync: false, prune: false, selfHeal: false }),
    "Application",
    "argocd/web",
  ).spec;
  assert.equal("automated" in manual.syncPolicy, false);
  assert.equal("helm" in manual.source, false);
});

Deno.test("application() takes a Helm chart's values, ignored fields, retries, options and a finalizer", () => {
  const { metadata, spec } = find(
    application("web", {
      ...options,
      helm: { valueFiles: ["values.yaml", "values-prod.yaml"], releaseName: "shop" },
      ignoreDifferences: [{ group: "apps", kind: "Deployment", fields: ["/spec/replicas"] }],
      retries: 3,
      syncOptions: ["SkipDryRunOnMissingResource=true"],
      finalizer: true,
    }),
    "Application",
    "argocd/web",
  );
  assert.deepEqual(metadata.finalizers, ["resources-finalizer.argocd.argoproj.io/foreground"]);
  assert.deepEqual(spec.source.helm, {
    valueFiles: ["values.yaml", "values-prod.yaml"],
    releaseName: "shop",
  });
  assert.deepEqual(spec.ignoreDifferences, [
    { group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] },
  ]);
  assert.deepEqual(spec.syncPolicy.retry, { limit: 3 });
  assert.ok(spec.syncPolicy.syncOptions.includes("SkipDryRunOnMissingResource=true"));
});

Deno.test("rootApplication() brings the Applications of a folder, to Argo CD's own namespace", () => {
  const { destination: _none, ...delivery } = options;
  const { spec } = find(
    rootApplication({ ...delivery, name: "root-app", path: "argocd/applications" }),
    "Application",
    "argocd/root-app",
  );
  assert.deepEqual(spec.source, {
    repoURL: "https://example.org/shop/gitops",
    path: "argocd/applications",
    targetRevision: "main",
    directory: { recurse: true },
  });
  assert.equal(spec.destination.namespace, "argocd");
});

Deno.test("project() keeps Applications to its repositories, namespaces and kinds, and gives roles what they may do", () => {
  const { spec } = find(
    project("shop", {
      namespace: "argocd",
      description: "The shop",
      sourceRepositories: ["https://example.org/shop/gitops"],
      destinations: ["shop", "shop-data"],
      withoutResources: [{ group: "", kind: "ResourceQuota" }],
      roles: { deployers: { groups: ["shop-team"], may: ["get", "sync"] } },
    }),
    "AppProject",
    "argocd/shop",
  );
  assert.deepEqual(spec.destinations.map(({ namespace }: { namespace: string }) => namespace), [
    "shop",
    "shop-data",
  ]);
  // Absent would mean the same to Argo CD, but an empty list says it.
  assert.deepEqual(spec.clusterResourceWhitelist, []);
  assert.deepEqual(spec.namespaceResourceBlacklist, [{ group: "", kind: "ResourceQuota" }]);
  assert.deepEqual(spec.roles, [{
    name: "deployers",
    groups: ["shop-team"],
    policies: [
      "p, proj:shop:deployers, applications, get, shop/*, allow",
      "p, proj:shop:deployers, applications, sync, shop/*, allow",
    ],
  }]);
});
