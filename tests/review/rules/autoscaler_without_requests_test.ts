import assert from "node:assert/strict";
import { autoscalerWithoutRequests } from "../../../lib/review/rules/autoscaler_without_requests.ts";
import { autoscaler, complaints, container, workload } from "../sample_objects.ts";

Deno.test("an autoscaler goes by requests that every container of a pod has, those beside the main one too", () => {
  const web = workload("web", {
    pod: {
      containers: [
        container(),
        container({ name: "proxy", resources: { requests: { memory: "1Mi" } } }),
      ],
    },
  });
  assert.deepEqual(complaints(autoscalerWithoutRequests, [web, autoscaler("web", [1, 2])]), [
    "HorizontalPodAutoscaler shop/web: it goes by cpu, and container proxy requests none",
  ]);
  assert.deepEqual(
    complaints(autoscalerWithoutRequests, [web, autoscaler("web", [1, 2], "memory")]),
    [],
  );
});

Deno.test("a limit counts as a request, and init containers do not count", () => {
  const web = workload("web", {
    container: { resources: { limits: { cpu: "1" } } },
    pod: { initContainers: [container({ name: "init", resources: {} })] },
  });
  assert.deepEqual(complaints(autoscalerWithoutRequests, [web, autoscaler("web", [1, 2])]), []);
});
