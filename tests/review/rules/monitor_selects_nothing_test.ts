import assert from "node:assert/strict";
import { monitorSelectsNothing } from "../../../lib/review/rules/monitor_selects_nothing.ts";
import { complaints, object, service, workload } from "../sample_objects.ts";

const labelled = service("web", { app: "web" }, undefined, { labels: { app: "web" } });

function monitor(app: string, port: string, namespaces?: string[]) {
  return object("ServiceMonitor", "m", {
    selector: { matchLabels: { app } },
    endpoints: [{ port }],
    ...(namespaces === undefined ? {} : { namespaceSelector: { matchNames: namespaces } }),
  });
}

Deno.test("a ServiceMonitor finds a Service by its labels, and reads a port that it has", () => {
  const told = (...args: Parameters<typeof monitor>) =>
    complaints(monitorSelectsNothing, [labelled, monitor(...args)]);
  assert.match(told("wbe", "http")[0]!, /no Service in shop has the labels app=wbe/);
  assert.match(told("web", "http", ["other"])[0]!, /no Service in other/);
  assert.match(told("web", "metrics")[0]!, /reads the port metrics, and its Services have http/);
  assert.deepEqual(told("web", "http"), []);
});

Deno.test("a PodMonitor finds pods", () => {
  const pods = (app: string) => object("PodMonitor", "m", { selector: { matchLabels: { app } } });
  assert.equal(complaints(monitorSelectsNothing, [workload("web"), pods("wbe")]).length, 1);
  assert.deepEqual(complaints(monitorSelectsNothing, [workload("web"), pods("web")]), []);
});
