import assert from "node:assert/strict";
import { unknownPort } from "../../../lib/review/rules/unknown_port.ts";
import { complaints, object, service, workload } from "../sample_objects.ts";

const web = workload("web");

Deno.test("a Service leads to a port that its pods have, by name or by number", () => {
  const to = (targetPort?: string | number) =>
    complaints(unknownPort, [web, service("web", { app: "web" }, [{ port: 80, targetPort }])]);
  assert.deepEqual(to("htpp"), [
    "Service shop/web: its port 80 leads to the port htpp, and its pods have http",
  ]);
  assert.deepEqual(to(9090), [
    "Service shop/web: its port 80 leads to the port 9090, and its pods have 8080",
  ]);
  assert.equal(to(undefined).length, 1);
  assert.deepEqual(to("http"), []);
  assert.deepEqual(to(8080), []);
});

Deno.test("a port of a container beside the main one, or of pods without declared ports, will do", () => {
  const silent = workload("web", {
    container: { ports: [], livenessProbe: {}, readinessProbe: {} },
  });
  const numbered = service("web", { app: "web" }, [{ port: 80, targetPort: 8080 }]);
  assert.deepEqual(complaints(unknownPort, [silent, numbered]), []);
});

Deno.test("a probe asks a port of its own container", () => {
  const wrong = workload("web", { container: { livenessProbe: { httpGet: { port: "admin" } } } });
  assert.deepEqual(complaints(unknownPort, [wrong]), [
    "Deployment shop/web: the liveness probe of container web asks the port admin, and it has http",
  ]);
});

Deno.test("policies and pod monitors name ports of the pods that they select", () => {
  const policy = object("NetworkPolicy", "allow", {
    podSelector: { matchLabels: { app: "web" } },
    ingress: [{ ports: [{ port: "metrics" }] }],
  });
  const monitor = object("PodMonitor", "web", {
    selector: { matchLabels: { app: "web" } },
    podMetricsEndpoints: [{ port: "metrics" }],
  });
  assert.deepEqual(complaints(unknownPort, [web, policy, monitor]), [
    "NetworkPolicy shop/allow: it opens the port metrics, and its pods have http",
    "PodMonitor shop/web: it asks the port metrics, and its pods have http",
  ]);
});
