import assert from "node:assert/strict";
import { checkAccess } from "../../../lib/platform/check/guard_access.ts";
import { pathText } from "../../../lib/platform/mistake.ts";
import type { Access } from "../../../lib/platform/types.ts";
import { samplePlatform } from "../sample_platform.ts";

function mistakesOf(entry: Access): string[] {
  return checkAccess(samplePlatform({
    namespaces: { shop: { podSecurity: "restricted" }, "kube-system": { existing: true } },
    access: { some: entry },
  })).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

Deno.test("checkAccess() accepts each role where it may hold", () => {
  assert.deepEqual(mistakesOf({ role: "cluster-admin", groups: ["devops"] }), []);
  assert.deepEqual(mistakesOf({ role: "viewer", groups: ["staff"] }), []);
  assert.deepEqual(mistakesOf({ role: "viewer", groups: ["staff"], namespaces: ["shop"] }), []);
  assert.deepEqual(mistakesOf({ role: "developer", groups: ["devs"], namespaces: ["shop"] }), []);
});

for (const role of ["developer", "ci-cd"] as const) {
  Deno.test(`checkAccess() refuses ${role} without namespaces, and in those of the control plane`, () => {
    assert.deepEqual(mistakesOf({ role, groups: ["some"] }), [
      `access.some.namespaces: missing, expected because ${role} holds only in namespaces that are named`,
    ]);
    assert.deepEqual(mistakesOf({ role, groups: ["some"], namespaces: ["shop", "kube-system"] }), [
      `access.some.namespaces[1]: ${role} in kube-system, expected a namespace of the platform's own: a pod there can take over the cluster`,
    ]);
  });
}

Deno.test("checkAccess() refuses to bound cluster-admin by namespaces", () => {
  assert.deepEqual(
    mistakesOf({ role: "cluster-admin", groups: ["devops"], namespaces: ["shop"] }),
    ["access.some.namespaces: given for cluster-admin, expected none: it holds everywhere"],
  );
});

Deno.test("checkAccess() refuses namespaces that nobody declares, of rights and of accounts", () => {
  assert.deepEqual(
    mistakesOf({
      role: "ci-cd",
      serviceAccounts: [{ namespace: "cicd", name: "runner" }],
      namespaces: ["shp"],
    }),
    [
      "access.some.namespaces[0]: no namespace is called shp, expected one of kube-system, shop; did you mean shop?",
      "access.some.serviceAccounts[0].namespace: no namespace is called cicd, expected one of kube-system, shop",
    ],
  );
});

Deno.test("checkAccess() refuses groups that everybody is in", () => {
  assert.deepEqual(mistakesOf({ role: "viewer", groups: ["system:authenticated"] }), [
    "access.some.groups[0]: system:authenticated is everybody, expected a group that somebody is put into",
  ]);
});
