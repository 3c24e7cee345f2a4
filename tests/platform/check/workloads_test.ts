import assert from "node:assert/strict";
import type { Platform } from "../../../lib/platform/types.ts";
import { sampleWorkload } from "../sample_platform.ts";
import { mistakesOf, mistakesOfWorkload, sampleCronJob } from "./mistakes.ts";

const storageClasses: Platform["storageClasses"] = {
  disk: {
    provisioner: "rancher.io/local-path",
    accessModes: ["ReadWriteOnce"],
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  },
};
const claim = { storageClass: "disk", size: "1Gi" };

Deno.test("what only a StatefulSet has is refused elsewhere", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      volumeClaims: { data: claim },
      podManagementPolicy: "Parallel",
      mounts: { "/data": { volumeClaim: "data" } },
    }, { storageClasses }),
    [
      "workloads.web.volumeClaims: a Deployment has no volumeClaims, expected kind StatefulSet",
      "workloads.web.podManagementPolicy: a Deployment has no podManagementPolicy, expected kind StatefulSet",
    ],
  );
});

Deno.test("a DaemonSet has no number of pods, no spread and no second pod on a node", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      kind: "DaemonSet",
      replicas: 2,
      spread: { antiAffinity: "required" },
      rollout: { maxUnavailable: 1, maxSurge: 1 },
    }),
    [
      "workloads.web.replicas: a DaemonSet has no replicas, expected kind Deployment or StatefulSet",
      "workloads.web.spread: a DaemonSet has no spread, expected kind Deployment or StatefulSet",
      "workloads.web.rollout.maxSurge: a second pod on a node, expected 0 for a DaemonSet",
    ],
  );
});

Deno.test("a StatefulSet replaces its pods one by one, and has a name that its pods' labels can hold", () => {
  assert.deepEqual(mistakesOfWorkload({ kind: "StatefulSet" }), [
    "workloads.web.rollout: a StatefulSet has no rollout, expected kind Deployment or DaemonSet",
  ]);
  const long = "d".repeat(53);
  const [mistake, ...others] = mistakesOf({
    workloads: { [long]: sampleWorkload({ kind: "StatefulSet", rollout: undefined }) },
  });
  assert.match(mistake!, /a name of 53 characters, expected at most 52 for a StatefulSet/);
  assert.deepEqual(others, []);
});

Deno.test("a budget that asks for more pods than there are is refused", () => {
  assert.deepEqual(mistakesOfWorkload({ replicas: 2, disruptionBudget: { minAvailable: 3 } }), [
    "workloads.web.disruptionBudget.minAvailable: 3 pods must stay of 2, expected less than 2",
  ]);
  assert.deepEqual(mistakesOfWorkload({ replicas: 2, disruptionBudget: { minAvailable: 1 } }), []);
});

Deno.test("two programs cannot have one service account, which both would make", () => {
  assert.deepEqual(
    mistakesOf({
      workloads: {
        web: sampleWorkload({ services: {} }),
        api: sampleWorkload({ services: {}, serviceAccount: "web" }),
      },
      cronJobs: { web: sampleCronJob({ namespace: "shop" }) },
    }).filter((mistake) => mistake.includes("service account")),
    [
      "workloads.api.serviceAccount: service account web is also that of web, expected one of its own",
      "cronJobs.web: service account web is also that of web, expected one of its own",
    ],
  );
});

Deno.test("services and metrics lead only to ports that containers have, sidecars' too", () => {
  const sidecars = {
    exporter: {
      image: "docker.io/example/exporter:1",
      ports: { metrics: 9090 },
      resources: sampleWorkload().resources,
    },
  };
  const services = { web: { ports: { http: 80, metrics: 9090 } } };
  assert.deepEqual(mistakesOfWorkload({ sidecars, services, metrics: { port: "metrics" } }), []);
  assert.deepEqual(mistakesOfWorkload({ services, metrics: { port: "metrics" } }), [
    "workloads.web.services.web.ports.metrics: no port of the containers is called metrics, expected one of http",
    "workloads.web.metrics.port: no port of the containers is called metrics, expected one of http",
  ]);
});

Deno.test("a Service without a port, or of two kinds at once, is refused", () => {
  assert.deepEqual(
    mistakesOfWorkload({
      services: {
        none: { ports: {} },
        peers: { ports: {}, headless: true },
        both: { ports: { http: 80 }, headless: true, type: "LoadBalancer" },
        inner: { ports: { http: 80 }, externalTrafficPolicy: "Local" },
      },
    }),
    [
      "workloads.web.services.none.ports: no port, expected at least one",
      "workloads.web.services.both.headless: headless, and of type LoadBalancer, which has an address; expected one of both",
      "workloads.web.services.inner.externalTrafficPolicy: nobody outside reaches a ClusterIP, expected type LoadBalancer or NodePort",
    ],
  );
});

Deno.test("a cron job's name leaves room for those of its jobs, and its time zone exists", () => {
  assert.deepEqual(
    mistakesOf({ cronJobs: { report: sampleCronJob({ timeZone: "Europe/Kiew" }) } }),
    ["cronJobs.report.timeZone: Europe/Kiew is no time zone, expected one such as Europe/Berlin"],
  );
  const long = "r".repeat(53);
  const [mistake] = mistakesOf({ cronJobs: { [long]: sampleCronJob() } });
  assert.match(mistake!, /a name of 53 characters, expected at most 52 for a CronJob/);
});

Deno.test("a cron job's namespace must be declared, as a config map's", () => {
  assert.deepEqual(
    mistakesOf({
      cronJobs: { report: sampleCronJob({ namespace: "shpo" }) },
      configMaps: { settings: { namespace: "shop2", data: {} } },
    }),
    [
      "configMaps.settings.namespace: no namespace is called shop2, expected one of shop; did you mean shop?",
      "cronJobs.report.namespace: no namespace is called shpo, expected one of shop",
    ],
  );
});
