import assert from "node:assert/strict";
import { loadPlatform } from "../../../lib/platform/load.ts";
import { PlatformInvalid } from "../../../lib/platform/mistake.ts";
import { sampleWorkload } from "../sample_platform.ts";

/** Mistakes of a platform file whose workload `web` has other or further keys, without their places. */
function mistakesOf(changes: Record<string, unknown>, sections: Record<string, unknown> = {}) {
  const text = JSON.stringify({
    name: "demo",
    domain: "example.org",
    environments: { test: {} },
    namespaces: { shop: { podSecurity: "privileged" } },
    workloads: { web: { ...sampleWorkload(), ...changes } },
    ...sections,
  });
  try {
    loadPlatform(text, { file: "platform.yaml" });
  } catch (error) {
    assert(error instanceof PlatformInvalid, String(error));
    return error.mistakes.map(({ path, message }) => `${path.slice(2).join(".")}: ${message}`)
      .sort();
  }
  return [];
}

Deno.test("a file needs to say little of a workload", () => {
  const { namespace, image, resources } = sampleWorkload();
  assert.deepEqual(mistakesOf({}, { workloads: { web: { namespace, image, resources } } }), []);
});

Deno.test("a mount has one source, a probe one way to ask, a budget one bound", () => {
  assert.deepEqual(
    mistakesOf({
      mounts: { "/data": { claim: "data", emptyDir: { sizeLimit: "1Mi" } }, "/etc": {} },
      probes: { liveness: { path: "/live", tcp: true }, readiness: {} },
      disruptionBudget: { maxUnavailable: 1, minAvailable: 1 },
    }),
    [
      "disruptionBudget: maxUnavailable and minAvailable given, expected exactly one of maxUnavailable, minAvailable",
      "mounts./data: claim and emptyDir given, expected exactly one of claim, volumeClaim, secret, config, emptyDir, hostPath",
      "mounts./etc: none given, expected exactly one of claim, volumeClaim, secret, config, emptyDir, hostPath",
      "probes.liveness: path and tcp given, expected exactly one of path, tcp, grpc, exec",
      "probes.readiness: none given, expected exactly one of path, tcp, grpc, exec",
    ],
  );
});

Deno.test("an autoscaler has an aim, and a spread a way", () => {
  assert.deepEqual(mistakesOf({ autoscaling: { minReplicas: 1, maxReplicas: 2 }, spread: {} }), [
    "autoscaling: none given, expected at least one of cpuUtilizationPercent, memoryUtilizationPercent",
    "spread: none given, expected at least one of antiAffinity, topology",
  ]);
});

Deno.test("what is unsafe needs a reason that says something", () => {
  assert.deepEqual(
    mistakesOf({
      runAs: { user: 0, group: 0 },
      privileged: { because: "must" },
      writableRoot: {},
      mounts: { "/host": { hostPath: { path: "/" } } },
    }),
    [
      "mounts./host.hostPath.because: missing, expected text",
      'privileged.because: "must", expected a reason that will still be understood later',
      "runAs.user: 0 is root, expected a numeric id above 0, which Pod Security can see is not root, or a reason as because",
      "writableRoot.because: missing, expected text",
    ],
  );
});

Deno.test("a part of a volume stays within it", () => {
  const mistakes = mistakesOf({ mounts: { "/a": { claim: "data", subPath: "../other" } } });
  assert.deepEqual(mistakes, [
    'mounts./a.subPath: "../other", expected a relative path without .., such as data/app.conf',
  ]);
});

Deno.test("an agent of Vault logs in one way, and its files have names that annotations can hold", () => {
  const long = "f".repeat(42);
  assert.deepEqual(
    mistakesOf({ vaultAgent: { auth: {}, files: { [long]: { path: "secret/data/a" } } } }),
    [
      "vaultAgent.auth: none given, expected exactly one of kubernetes, approle",
      `vaultAgent.files.${long}: the key "${long}", expected a file name of at most 41 letters, digits, hyphens, underscores and dots`,
    ],
  );
});
