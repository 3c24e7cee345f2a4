import assert from "node:assert/strict";
import { workload } from "../../../manifests/components/workload/workload.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

Deno.test("rights in a namespace of others are bound there to the service account here", () => {
  const manifests = workload(
    "runner",
    sampleWorkload({
      serviceAccount: "builds",
      apiAccess: {
        namespaced: [
          { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
          { namespace: "builds", apiGroups: [""], resources: ["pods"], verbs: ["create"] },
          { namespace: "builds", apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
        ],
      },
    }),
  );
  assert.deepEqual(namesOf(manifests, "Role"), ["shop/runner", "builds/shop-runner"]);
  assert.equal(find(manifests, "Role", "builds/shop-runner").rules.length, 2);
  const binding = find(manifests, "RoleBinding", "builds/shop-runner");
  assert.deepEqual(binding.subjects, [
    { kind: "ServiceAccount", name: "builds", namespace: "shop" },
  ]);
  assert.deepEqual(binding.roleRef, {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "Role",
    name: "shop-runner",
  });
});

Deno.test("cluster-wide rights carry the namespace in their name, and may be to paths of the API server", () => {
  const manifests = workload(
    "metrics",
    sampleWorkload({
      apiAccess: {
        clusterWide: [
          { resources: ["nodes"], verbs: ["list"] },
          { nonResourceUrls: ["/metrics"], verbs: ["get"] },
        ],
      },
    }),
  );
  assert.deepEqual(find(manifests, "ClusterRole", "shop-metrics").rules, [
    { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
    { nonResourceURLs: ["/metrics"], verbs: ["get"] },
  ]);
  assert.equal(find(manifests, "ClusterRoleBinding", "shop-metrics").roleRef.name, "shop-metrics");
});
