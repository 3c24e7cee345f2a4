import assert from "node:assert/strict";
import type { SlipwayEvent } from "../../../lib/core/events.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { tellConcerns } from "../../../lib/flows/render/concerns.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const running = (...images: string[]): Manifest[] => [{
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "logs", namespace: "shop" },
  spec: {
    template: { spec: { containers: images.map((image) => ({ name: "logs", image })) } },
  },
}];

function notes(platform: Partial<Platform>, manifests: Manifest[] = []) {
  const events: SlipwayEvent[] = [];
  tellConcerns({ platform: samplePlatform(platform), manifests }, {
    emit: (event) => events.push(event),
  });
  return events.map((event) => {
    assert.ok(event.type === "note");
    assert.equal(event.level, "warning");
    return { message: event.message, remedy: event.remedy! };
  });
}

const promtail = "docker.io/grafana/promtail:3.5.1";

Deno.test("tellConcerns() says what replaces a documented thing, why, since when, and how to have it back", () => {
  const [note, ...others] = notes({ replacements: { promtail: { by: "Grafana Alloy" } } });
  assert.deepEqual(others, []);
  assert.equal(
    note!.message,
    "Grafana Alloy in place of the log collector Promtail: " +
      "end of life; all development is in Grafana Alloy (since 2026-03-02)",
  );
  assert.match(note!.remedy, /monitoring\.logCollector\.agent: promtail/);
  assert.match(note!.remedy, /https:\/\/grafana\.com\//);
});

Deno.test("tellConcerns() repeats why a thing is kept that came to an end, and names what uses it", () => {
  const [note] = notes(
    { replacements: { promtail: { keep: "its pipeline stages are not converted yet" } } },
    running(promtail),
  );
  assert.match(
    note!.message,
    /Promtail is kept, as docker\.io\/grafana\/promtail:3\.5\.1: its pipeline/,
  );
  assert.match(note!.message, /end of life.* \(since 2026-03-02\)$/);
  assert.match(note!.remedy, /Grafana Alloy/);
});

Deno.test("tellConcerns() finds images and charts that came to an end and are used without a word", () => {
  const found = notes({
    charts: {
      "ingress-nginx": { namespace: "shop", via: "k3s", values: {} },
    },
  }, running(promtail, "docker.io/bitnami/redis:7.2"));
  assert.deepEqual(
    found.map(({ message }) => /is used, as (.*?): /.exec(message)![1]),
    ["chart ingress-nginx", promtail, "docker.io/bitnami/redis:7.2"],
  );
  assert.match(found[0]!.remedy, /replacements\.ingress-nginx\.keep/);
});

Deno.test("tellConcerns() says so when a replaced thing is still there", () => {
  const [note] = notes({ replacements: { promtail: { by: "Grafana Alloy" } } }, running(promtail));
  assert.match(note!.message, /which is still used, as docker\.io\/grafana\/promtail/);
});

Deno.test("tellConcerns() does not take the controller of Sealed Secrets for one of Bitnami's retired images", () => {
  assert.deepEqual(notes({}, running("docker.io/bitnami/sealed-secrets-controller:0.39.1")), []);
});
