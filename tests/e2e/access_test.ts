import assert from "node:assert/strict";
import type { Manifest } from "../../lib/core/object.ts";
import { StatusError } from "../../lib/core/status_error.ts";
import { questionOf, type Subject, withReviewer } from "./access_review.ts";
import { withGround } from "./ground.ts";
import { writeShop } from "./shop.ts";

const member = (group: string): Subject => ({
  user: `somebody-of-${group}`,
  groups: [group, "system:authenticated"],
});

const account = (namespace: string, name: string): Subject => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
});

/** What each of them may, and what not. */
const expectations: Record<string, { who: Subject; may: string[]; mayNot: string[] }> = {
  "cluster-admin": {
    who: member("devops"),
    may: [
      "delete nodes",
      "get secrets in kube-system",
      "create rbac.authorization.k8s.io/clusterrolebindings",
      "patch apps/deployments in data",
    ],
    mayNot: [],
  },
  viewer: {
    who: member("staff"),
    may: [
      "list pods",
      "watch apps/deployments",
      "get configmaps in kube-system",
      "get pods/log in data",
      "get nodes",
      "list persistentvolumes",
      "list namespaces",
      "get networking.k8s.io/networkpolicies in core",
      "list cert-manager.io/certificates",
      "get traefik.io/ingressroutes in core",
      "list storage.k8s.io/storageclasses",
    ],
    mayNot: [
      "get secrets in core",
      "list secrets",
      "watch secrets in kube-system",
      "create pods in core",
      "patch apps/deployments in core",
      "update apps/deployments/scale in core",
      "delete configmaps in data",
      "create pods/exec in core",
      "get pods/exec in core",
      "create pods/portforward in core",
      "get nodes/proxy",
      "create serviceaccounts/token in core",
      "list rbac.authorization.k8s.io/clusterroles",
      "impersonate users",
    ],
  },
  developer: {
    who: member("developers"),
    may: [
      "create apps/deployments in core",
      "delete apps/statefulsets in core",
      "patch apps/deployments/scale in core",
      "update configmaps in core",
      "delete pods in core",
      "get pods/log in core",
      "create pods/exec in core",
      "create batch/jobs in core",
      "create networking.k8s.io/ingresses in core",
      "patch traefik.io/ingressroutes in core",
      "get networking.k8s.io/networkpolicies in core",
      "get resourcequotas in core",
    ],
    mayNot: [
      "get secrets in core",
      "list secrets in core",
      "create secrets in core",
      "create apps/deployments in data",
      "list pods in data",
      "list pods in kube-system",
      "create pods in kube-system",
      "list pods",
      "get nodes",
      "create namespaces",
      "delete namespaces in core",
      "patch resourcequotas in core",
      "patch limitranges in core",
      "delete networking.k8s.io/networkpolicies in core",
      "create rbac.authorization.k8s.io/rolebindings in core",
      "create serviceaccounts/token in core",
      "impersonate serviceaccounts in core",
    ],
  },
  "ci-cd, by its group": {
    who: member("pipelines"),
    may: [
      "patch apps/deployments in core",
      "create apps/statefulsets in core",
      "create batch/jobs in core",
      "delete batch/jobs in core",
      "update configmaps in core",
      "get pods/log in core",
    ],
    mayNot: [
      "delete apps/deployments in core",
      "delete configmaps in core",
      "delete persistentvolumeclaims in core",
      "create pods in core",
      "create pods/exec in core",
      "get secrets in core",
      "get secrets in kube-system",
      "get pods in kube-system",
      "patch apps/deployments in kube-system",
      "create configmaps in kube-system",
      "create batch/jobs in kube-system",
      "patch apps/deployments in data",
      "list apps/deployments",
      "create namespaces",
      "create rbac.authorization.k8s.io/rolebindings in core",
      "create rbac.authorization.k8s.io/clusterrolebindings",
    ],
  },
  "ci-cd, by its service account": {
    who: account("cicd", "runner"),
    may: ["patch apps/deployments in core", "create batch/jobs in core"],
    mayNot: [
      "patch apps/deployments in cicd",
      "get secrets in core",
      "get secrets in cicd",
      "get pods in kube-system",
    ],
  },
  "another service account beside it": {
    who: account("cicd", "default"),
    may: [],
    mayNot: ["patch apps/deployments in core", "list pods in cicd"],
  },
  "somebody without a group": {
    who: member("strangers"),
    may: [],
    mayNot: ["list pods", "get configmaps in core", "create apps/deployments in core"],
  },
};

function pod(name: string, resources: unknown): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "core" },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{
        name: "main",
        image: "ghcr.io/example/web:1.0.0",
        resources,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      }],
    },
  };
}

Deno.test("a platform's guard rails on a real API server", async (t) => {
  await withGround(async ({ run, stateHome, asAdmin, folderOf }) => {
    const file = await writeShop(stateHome, "core", {
      namespaces: {
        core: {
          podSecurity: "restricted",
          quota: { requests: { cpu: "500m" }, pods: 3 },
          limits: {
            default: { cpu: "200m", memory: "128Mi" },
            defaultRequest: { cpu: "50m", memory: "64Mi" },
            max: { cpu: "1" },
          },
        },
        data: { podSecurity: "restricted" },
        cicd: { podSecurity: "restricted" },
        "kube-system": { existing: true },
      },
      access: {
        devops: { role: "cluster-admin", groups: ["devops"] },
        staff: { role: "viewer", groups: ["staff"] },
        developers: { role: "developer", groups: ["developers"], namespaces: ["core"] },
        pipelines: {
          role: "ci-cd",
          groups: ["pipelines"],
          serviceAccounts: [{ namespace: "cicd", name: "runner" }],
          namespaces: ["core"],
        },
      },
    });
    const outcome = await run(["bootstrap", "--platform", file, "--json"]);
    assert.equal(outcome.code, 0, outcome.stderr + outcome.stdout.slice(-2_000));

    for (const [role, { who, may, mayNot }] of Object.entries(expectations)) {
      await t.step(`${role} may do what it should, and nothing of the rest`, async () => {
        await withReviewer(`${folderOf()}/kubeconfig`, async (mayThey) => {
          const answers = await Promise.all([...may, ...mayNot].map(async (question) => ({
            question,
            allowed: await mayThey(who, questionOf(question)),
          })));
          assert.deepEqual(
            answers.filter(({ allowed }) => allowed).map(({ question }) => question),
            may,
          );
        });
      });
    }

    await t.step(
      "a container that asks for nothing gets the defaults of its namespace",
      async () => {
        const created = await asAdmin((client) => client.create(pod("modest", {})));
        const [container] =
          (created["spec"] as { containers: { resources: unknown }[] }).containers;
        assert.deepEqual(container!.resources, {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "200m", memory: "128Mi" },
        });
      },
    );

    const refusals: [what: string, resources: unknown, because: RegExp][] = [
      [
        "a container beyond the largest",
        { requests: { cpu: "100m" }, limits: { cpu: "2" } },
        /maximum cpu usage per Container is 1/,
      ],
      [
        "pods that would use more than the quota together",
        { requests: { cpu: "450m" }, limits: { cpu: "1" } },
        /exceeded quota: quota, requested: requests\.cpu=450m/,
      ],
    ];
    for (const [what, resources, because] of refusals) {
      await t.step(`the API server refuses ${what}`, async () => {
        await assert.rejects(
          asAdmin((client) => client.create(pod("greedy", resources))),
          (error: unknown) => error instanceof StatusError && because.test(error.message),
        );
      });
    }
  });
});
