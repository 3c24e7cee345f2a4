import assert from "node:assert/strict";
import { refOf } from "../../lib/core/object.ts";
import type { Silence } from "../../lib/platform/types.ts";
import type { Rule } from "../../lib/review/finding.ts";
import { review } from "../../lib/review/review.ts";
import { allRules } from "../../lib/review/rules/all.ts";
import { samplePlatform } from "../platform/sample_platform.ts";
import { workload } from "./sample_objects.ts";

const everything: Rule = {
  name: "everything",
  summary: "Nothing is right",
  severity: "warning",
  check: ({ manifests }) =>
    manifests.map((manifest) => ({
      object: refOf(manifest),
      because: "it is there",
      remedy: "take it away",
    })),
};
const refuseWeb: Rule = {
  ...everything,
  name: "refuse-web",
  severity: "error",
  check: (view) => everything.check(view).filter(({ object }) => object.name === "web"),
};
const manifests = [workload("api"), workload("web")];

function reviewed(...silenced: Silence[]) {
  const { findings, silenced: quiet, idle } = review(
    manifests,
    samplePlatform({ silenced }),
    [everything, refuseWeb],
  );
  return {
    findings: findings.map(({ rule, object }) => `${rule} ${object.name}`),
    quiet: quiet.map(({ rule, object, meant }) => `${rule} ${object.name}: ${meant}`),
    idle: idle.map(({ idle }) => idle),
  };
}

Deno.test("errors come before warnings", () => {
  assert.deepEqual(reviewed().findings, ["refuse-web web", "everything api", "everything web"]);
});

Deno.test("a silence takes away the findings of its rule about its objects, and keeps the reason", () => {
  const { findings, quiet, idle } = reviewed({
    rule: "everything",
    object: "Deployment/shop/*",
    because: "it is a test",
  });
  assert.deepEqual(findings, ["refuse-web web"]);
  assert.deepEqual(quiet, ["everything api: it is a test", "everything web: it is a test"]);
  assert.deepEqual(idle, []);
});

Deno.test("a silence that silences nothing says why", () => {
  const silence = (rule: string, object: string) => ({ rule, object, because: "it is a test" });
  assert.deepEqual(
    reviewed(
      silence("everythin", "Deployment/shop/web"),
      silence("everything", "Deployment/shop/gone"),
      silence("refuse-web", "Deployment/shop/api"),
      silence("refuse-web", "Deployment/*/a*"),
    ).idle,
    [
      "there is no rule everythin; did you mean everything?",
      "no object is named Deployment/shop/gone",
      "the rule has nothing against Deployment shop/api",
      "the rule has nothing against Deployment shop/api",
    ],
  );
});

Deno.test("rules have names of their own, in lower case and hyphens, and those that refuse come first", () => {
  const names = allRules.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
  for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)*$/);
  const severities = allRules.map(({ severity }) => severity);
  assert.equal(severities.lastIndexOf("error") + 1, severities.indexOf("warning"));
});

Deno.test("a workload with all that it should have gives no error", () => {
  const errors = review([workload("web")], samplePlatform()).findings
    .filter(({ severity }) => severity === "error");
  // It names an account that the sample does not render.
  assert.deepEqual(errors.map(({ rule }) => rule), ["unknown-reference"]);
});
