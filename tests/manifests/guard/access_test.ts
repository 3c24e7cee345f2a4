import assert from "node:assert/strict";
import type { Access } from "../../../lib/platform/types.ts";
import { access } from "../../../manifests/components/guard/access.ts";
import { accessRules } from "../../../manifests/components/guard/access_rules.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { find, namesOf } from "../find.ts";

function objects(entries: Record<string, Access>) {
  return access(samplePlatform({ access: entries }));
}

Deno.test("access() binds Kubernetes' own role for cluster-admin, and makes none", () => {
  const manifests = objects({ devops: { role: "cluster-admin", groups: ["devops"] } });
  assert.deepEqual(namesOf(manifests, "ClusterRole"), []);
  const binding = find(manifests, "ClusterRoleBinding", "demo.test-access-devops");
  assert.equal(binding["roleRef"].name, "cluster-admin");
  assert.deepEqual(binding["subjects"], [
    { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "devops" },
  ]);
});

Deno.test("access() binds in each namespace that is named, and nowhere else", () => {
  const manifests = objects({
    devs: { role: "developer", groups: ["devs"], namespaces: ["shop", "lab"] },
  });
  assert.deepEqual(namesOf(manifests, "RoleBinding"), ["shop/access-devs", "lab/access-devs"]);
  assert.deepEqual(namesOf(manifests, "ClusterRoleBinding"), []);
  assert.deepEqual(find(manifests, "RoleBinding", "lab/access-devs")["roleRef"], {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: "demo.test-developer",
  });
});

Deno.test("access() makes a role once, however many are given it", () => {
  const manifests = objects({
    staff: { role: "viewer", groups: ["staff"] },
    guests: { role: "viewer", groups: ["guests"], namespaces: ["shop"] },
  });
  assert.deepEqual(namesOf(manifests, "ClusterRole"), ["demo.test-viewer"]);
  assert.deepEqual(namesOf(manifests, "ClusterRoleBinding"), ["demo.test-access-staff"]);
  assert.deepEqual(namesOf(manifests, "RoleBinding"), ["shop/access-guests"]);
});

Deno.test("access() gives service accounts what it gives groups", () => {
  const manifests = objects({
    runner: {
      role: "ci-cd",
      serviceAccounts: [{ namespace: "lab", name: "runner" }],
      namespaces: ["shop"],
    },
  });
  assert.deepEqual(find(manifests, "RoleBinding", "shop/access-runner")["subjects"], [
    { kind: "ServiceAccount", name: "runner", namespace: "lab" },
  ]);
});

for (const [role, rules] of Object.entries(accessRules)) {
  Deno.test(`no rule of ${role} reaches Secrets, roles, or what would give it more`, () => {
    const forbidden = ["secrets", "serviceaccounts/token", "nodes/proxy", "pods/proxy", "bindings"];
    for (const { apiGroups = [], resources = [], verbs } of rules) {
      assert(!apiGroups.includes("*"), "all groups hold Secrets");
      assert(!apiGroups.includes("rbac.authorization.k8s.io"));
      if (apiGroups.includes("")) assert(!resources.includes("*"), "all of the core holds Secrets");
      assert.deepEqual(resources.filter((resource) => forbidden.includes(resource)), []);
      assert.deepEqual(
        verbs.filter((verb) => ["*", "impersonate", "escalate", "bind"].includes(verb)),
        [],
      );
    }
  });
}

Deno.test("no rule of viewer writes", () => {
  const verbs = new Set(accessRules.viewer.flatMap((rule) => rule.verbs));
  assert.deepEqual([...verbs].sort(), ["get", "list", "watch"]);
});
