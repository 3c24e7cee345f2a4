import assert from "node:assert/strict";
import { weakContainer } from "../../../lib/review/rules/weak_container.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { complaints, container, workload } from "../sample_objects.ts";

Deno.test("what a container keeps of the node is named in one line", () => {
  const weak = workload("web", {
    container: { securityContext: { runAsUser: 0, capabilities: { add: ["SYS_ADMIN"] } } },
  });
  assert.deepEqual(complaints(weakContainer, [weak]), [
    "Deployment shop/web: container web may be root, may gain rights, can write to its image, keeps capabilities",
  ]);
  assert.deepEqual(complaints(weakContainer, [workload("web")]), []);
});

Deno.test("what pods share with the node is named, and reading its files is not", () => {
  const host = (path: string, readOnly: boolean) =>
    complaints(weakContainer, [
      workload("web", {
        container: { volumeMounts: [{ name: "host", mountPath: "/host", readOnly }] },
        pod: { volumes: [{ name: "host", hostPath: { path } }] },
      }),
    ]);
  assert.match(host("/var/log", false)[0]!, /write to the node at \/var\/log/);
  assert.match(host("/var/run/docker.sock", true)[0]!, /command the node's containers/);
  assert.deepEqual(host("/var/log", true), []);
  const network = workload("web", { pod: { hostNetwork: true, hostPID: true } });
  assert.equal(complaints(weakContainer, [network]).length, 2);
});

Deno.test("a reason in the platform file makes an exception", () => {
  const weak = workload("web", {
    pod: {
      containers: [
        container({
          securityContext: { ...container().securityContext, readOnlyRootFilesystem: false },
        }),
      ],
    },
  });
  const reasoned = sampleWorkload({ writableRoot: { because: "it compiles templates" } });
  assert.equal(complaints(weakContainer, [weak]).length, 1);
  assert.deepEqual(complaints(weakContainer, [weak], { workloads: { web: reasoned } }), []);
});
