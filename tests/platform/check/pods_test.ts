import assert from "node:assert/strict";
import type { Platform, SideContainer } from "../../../lib/platform/types.ts";
import { sampleWorkload } from "../sample_platform.ts";
import { mistakesOf, mistakesOfWorkload, sampleCronJob } from "./mistakes.ts";

const { resources } = sampleWorkload();
const because = "the image cannot do without it";
const side = (changes: Partial<SideContainer> = {}): SideContainer => ({
  image: "docker.io/example/side:1",
  resources,
  ...changes,
});
const configMaps: Platform["configMaps"] = {
  settings: { namespace: "shop", data: { "app.yaml": "" } },
};

Deno.test("containers of a pod have names and ports of their own", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      sidecars: {
        web: side(),
        agent: side({ ports: { agent: 8080, http: 9090 } }),
      },
    }),
    [
      "workloads.web.sidecars.web: another container of the pod is called web, expected a name of its own",
      "workloads.web.sidecars.agent.ports.agent: port 8080 of TCP is also that of container web, expected one of its own",
      "workloads.web.sidecars.agent.ports.http: port name http is also that of container web, expected one of its own",
    ],
  );
});

Deno.test("one number may be a port of TCP and one of UDP", () => {
  const ports = { dns: { port: 53, protocol: "UDP" as const }, "dns-tcp": 53 };
  assert.deepEqual(
    mistakesOfWorkload({ ports, services: {}, probes: { liveness: { tcp: true } } }),
    [],
  );
});

Deno.test("probes ask ports that their container has", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      probes: { liveness: { path: "/live", port: "htpp" }, readiness: { exec: ["true"] } },
    }),
    [
      "workloads.web.probes.liveness.port: no port of the container is called htpp, expected one of http; did you mean http?",
    ],
  );
  assert.deepEqual(
    mistakesOfWorkload({ ports: {}, services: {}, probes: { liveness: { grpc: true } } }),
    ["workloads.web.probes.liveness: the container has no port, expected one that can be asked"],
  );
});

Deno.test("what a probe cannot use is refused, and so are probes of init containers", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      probes: {
        liveness: { tcp: true, scheme: "HTTPS" },
        readiness: { exec: ["true"], port: "http" },
      },
      initContainers: { init: side({ probes: { liveness: { exec: ["true"] } } }) },
    }),
    [
      "workloads.web.probes.liveness.scheme: a scheme without a path, expected only beside path",
      "workloads.web.probes.readiness.port: exec asks no port, expected none",
      "workloads.web.initContainers.init.probes: an init container ends before it could be asked, expected no probes",
    ],
  );
});

Deno.test("a worker without ports and probes is fine", () => {
  assert.deepEqual(mistakesOfWorkload({ ports: {}, services: {}, probes: undefined }), []);
});

Deno.test("config maps and their keys must be declared, for side containers and cron jobs too", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      envFromConfigs: ["settngs"],
      env: { LEVEL: { config: "settings", key: "level" } },
      sidecars: { agent: side({ mounts: { "/etc": { config: "agent" } } }) },
    }, { configMaps }),
    [
      "workloads.web.envFromConfigs[0]: no config map in namespace shop is called settngs, expected one of settings; did you mean settings?",
      "workloads.web.env.LEVEL.key: no key of config map settings is called level, expected one of app.yaml",
      'workloads.web.sidecars.agent.mounts["/etc"].config: no config map in namespace shop is called agent, expected one of settings',
    ],
  );
  assert.deepEqual(
    mistakesOf({ cronJobs: { report: sampleCronJob({ envFromSecrets: ["db"] }) } }),
    [
      "cronJobs.report.envFromSecrets[0]: no secret in namespace shop is called db, expected that one is declared",
    ],
  );
});

Deno.test("only keys that a config map has can become files, and only of a secret or config map", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      mounts: {
        "/etc/app": { config: "settings", items: { "app.yml": "app.yaml" } },
        "/tmp": { emptyDir: { sizeLimit: "1Mi" }, items: { a: "b" } },
      },
    }, { configMaps }),
    [
      'workloads.web.mounts["/etc/app"].items["app.yml"]: no key of config map settings is called app.yml, expected one of app.yaml; did you mean app.yaml?',
      'workloads.web.mounts["/tmp"].items: items without a secret or config, expected only beside one of them',
    ],
  );
});

Deno.test("the agent of a Vault needs a declared secret with both ids", () => {
  const vaultAgent = {
    auth: { approle: { secret: "approle", roleIdKey: "role" } },
    files: { env: { path: "secret/data/shop" } },
  };
  const sealedSecrets: Platform["sealedSecrets"] = {
    approle: {
      namespace: "shop",
      scope: "strict",
      type: "Opaque",
      keys: ["role-id", "secret-id"],
      sealed: {},
    },
  };
  assert.deepEqual(mistakesOfWorkload({ vaultAgent }), [
    "workloads.web.vaultAgent.auth.approle.secret: no secret in namespace shop is called approle, expected that one is declared",
  ]);
  assert.deepEqual(mistakesOfWorkload({ vaultAgent }, { sealedSecrets }), [
    "workloads.web.vaultAgent.auth.approle.roleIdKey: no key of secret approle is called role, expected one of role-id, secret-id",
  ]);
});

Deno.test("a namespace that enforces a level refuses pods that ask for more", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      runAs: { user: 0, group: 0, because },
      capabilities: { add: ["NET_BIND_SERVICE", "CHOWN", "SYS_TIME"], because },
      hostNetwork: { because },
      mounts: { "/host": { hostPath: { path: "/", because } } },
      sidecars: { dind: side({ privileged: { because } }) },
    }),
    [
      "workloads.web.hostNetwork: namespace shop enforces restricted, which refuses the network of the node, expected podSecurity: privileged there, or to do without",
      "workloads.web.runAs: namespace shop enforces restricted, which refuses the root user, expected podSecurity: baseline there, or to do without",
      "workloads.web.capabilities: namespace shop enforces restricted, which refuses the capability CHOWN, expected podSecurity: baseline there, or to do without",
      "workloads.web.capabilities: namespace shop enforces restricted, which refuses the capability SYS_TIME, expected podSecurity: privileged there, or to do without",
      'workloads.web.mounts["/host"].hostPath: namespace shop enforces restricted, which refuses paths of the node, expected podSecurity: privileged there, or to do without',
      "workloads.web.sidecars.dind.privileged: namespace shop enforces restricted, which refuses privileged containers, expected podSecurity: privileged there, or to do without",
    ],
  );
});

Deno.test("a namespace lets pods have what its level allows, and one of others enforces what it likes", () => {
  const root = {
    runAs: { user: 0, group: 0, because },
    capabilities: { add: ["CHOWN"], because },
    writableRoot: { because },
  };
  assert.deepEqual(
    mistakesOfWorkload(root, { namespaces: { shop: { podSecurity: "baseline" } } }),
    [],
  );
  assert.deepEqual(
    mistakesOfWorkload({ hostNetwork: { because } }, { namespaces: { shop: { existing: true } } }),
    [],
  );
});
