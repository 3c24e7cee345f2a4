import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { broadRights } from "../../../lib/review/rules/broad_rights.ts";
import { complaints } from "../sample_objects.ts";

function told(rules: unknown[], { kind = "ServiceAccount", everywhere = true } = {}): string[] {
  const namespace = everywhere ? {} : { namespace: "shop" };
  const prefix = everywhere ? "Cluster" : "";
  const role: Manifest = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: `${prefix}Role`,
    metadata: { name: "web", ...namespace },
    rules,
  };
  const binding: Manifest = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: `${prefix}RoleBinding`,
    metadata: { name: "web", ...namespace },
    roleRef: { kind: role.kind, name: "web" },
    subjects: [{ kind, name: "web", namespace: "shop" }],
  };
  return complaints(broadRights, [role, binding]).map((text) => text.split(": ")[1]!);
}

const core = [""];

Deno.test("rights to everything, to all Secrets, to run pods anywhere, and to more rights are broad", () => {
  assert.deepEqual(told([{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]), [
    "it may do everything everywhere",
  ]);
  assert.deepEqual(told([{ apiGroups: core, resources: ["secrets"], verbs: ["list"] }]), [
    "it may read all Secrets",
  ]);
  assert.equal(told([{ apiGroups: core, resources: ["pods"], verbs: ["create"] }]).length, 1);
  assert.equal(
    told([{ apiGroups: core, resources: ["pods/exec"], verbs: ["create"] }], { everywhere: false })
      .length,
    1,
  );
  assert.equal(
    told([{
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["clusterroles"],
      verbs: ["escalate"],
    }]).length,
    1,
  );
});

Deno.test("named objects, one namespace, and people's groups are not", () => {
  assert.deepEqual(
    told([{ apiGroups: core, resources: ["secrets"], resourceNames: ["a"], verbs: ["get"] }]),
    [],
  );
  assert.deepEqual(
    told([{ apiGroups: core, resources: ["secrets"], verbs: ["get"] }], { everywhere: false }),
    [],
  );
  assert.deepEqual(
    told([{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }], { kind: "Group" }),
    [],
  );
  assert.deepEqual(told([{ apiGroups: core, resources: ["pods"], verbs: ["get", "list"] }]), []);
});
