import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import type { NodeGroup, Platform } from "../../../lib/platform/types.ts";
import { capacityOf } from "../../../lib/review/capacity/capacity.ts";
import { capacityTables } from "../../../lib/review/capacity/tables.ts";
import { capacityLines } from "../../../lib/review/capacity/text.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { autoscaler, claim, object, workload, type WorkloadChanges } from "../sample_objects.ts";

const gibibyte = 2 ** 30;

function nodes(count: number, changes: Partial<NodeGroup> = {}): Record<string, NodeGroup> {
  const group = { cpu: "4", memory: "16Gi", storage: "100Gi" };
  return {
    server: { count: 1, role: "server", ...group, ...changes },
    ...(count === 1 ? {} : { worker: { count: count - 1, role: "agent", ...group, ...changes } }),
  };
}

/** A workload of so many pods that requests so much. */
function pods(
  name: string,
  replicas: number,
  cpu: string,
  memory: string,
  changes: WorkloadChanges = {},
): Manifest {
  return workload(name, {
    ...changes,
    container: { resources: { requests: { cpu, memory }, limits: { cpu, memory } } },
    spec: { replicas, ...changes.spec },
  });
}

function apart(app: string): WorkloadChanges {
  const term = { labelSelector: { matchLabels: { app } }, topologyKey: "kubernetes.io/hostname" };
  return {
    pod: {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    },
  };
}

function measured(manifests: Manifest[], platform: Partial<Platform> = {}) {
  return capacityOf(manifests, samplePlatform(platform));
}

Deno.test("requests and limits are added up times replicas, at the fewest and at the most", () => {
  const { least, most } = measured([
    pods("web", 1, "250m", "256Mi"),
    autoscaler("web", [2, 4]),
    pods("api", 3, "500m", "1Gi"),
  ]);
  assert.equal(least.requests.cpu, 2);
  assert.equal(least.requests.memory, 3.5 * gibibyte);
  assert.equal(most.requests.cpu, 2.5);
  assert.equal(most.limits.memory, 4 * gibibyte);
});

Deno.test("the VPS of 12 cores: the rows of its table sum to 5.95 cores and 15 GiB of requests", () => {
  // The document's own TOTAL says about 10.5 cores and 26 GB, which its rows do not.
  const rows: [string, number, string, string][] = [
    ["vault-bootstrap", 1, "250m", "512Mi"],
    ["vault", 1, "500m", "2Gi"],
    ["postgres", 1, "1000m", "4Gi"],
    ["valkey", 1, "500m", "1Gi"],
    ["backend", 3, "500m", "1Gi"],
    ["frontend", 3, "250m", "256Mi"],
    ["minio", 1, "500m", "1Gi"],
    ["prometheus", 1, "500m", "2Gi"],
    ["grafana", 1, "250m", "512Mi"],
    ["oauth2-proxy", 2, "100m", "128Mi"],
  ];
  const { least, now, losses } = measured(rows.map((row) => pods(...row)), {
    nodes: nodes(1, { cpu: "12", memory: "64Gi" }),
  });
  assert.equal(Number(least.requests.cpu.toFixed(3)), 5.95);
  assert.equal(least.requests.memory / gibibyte, 15);
  assert.equal(now.fits, true);
  assert.deepEqual(losses.map(({ fits, controlPlane }) => [fits, controlPlane]), [[false, true]]);
});

Deno.test("a pod needs the most of its init containers and of the others together", () => {
  const big = workload("web", {
    pod: {
      initContainers: [
        { name: "migrate", resources: { requests: { cpu: "2", memory: "1Gi" } } },
        {
          name: "agent",
          restartPolicy: "Always",
          resources: { requests: { cpu: "1", memory: "1Gi" } },
        },
      ],
      containers: [{ name: "web", resources: { requests: { cpu: "500m", memory: "3Gi" } } }],
    },
  });
  const [row] = measured([big]).pods;
  assert.deepEqual(row?.each.requests, { cpu: 2, memory: 4 * gibibyte });
});

Deno.test("k3s' own needs are taken off each node, those of a server more than those of an agent", () => {
  const { available } = measured([], { nodes: nodes(2) });
  assert.equal(Number(available.cpu.toFixed(2)), 7.91);
  assert.equal(available.memory, 32 * gibibyte - (1596 + 275) * 1e6);
});

Deno.test("a DaemonSet has a pod on each node that its selector and tolerations allow", () => {
  const agent = workload("agent", { spec: { replicas: undefined } }, "DaemonSet");
  const taints = [{ key: "only", value: "data", effect: "NoSchedule" as const }];
  const platform = {
    nodes: { ...nodes(3), data: { ...nodes(1)["server"]!, role: "agent" as const, taints } },
  };
  assert.equal(measured([agent], platform).pods[0]?.least, 3);
  const tolerant = workload("agent", {
    spec: { replicas: undefined },
    pod: { tolerations: [{ key: "only", operator: "Exists" }] },
  }, "DaemonSet");
  assert.equal(measured([tolerant], platform).pods[0]?.least, 4);
});

Deno.test("pods that are more than the nodes find no place, and the reason is told", () => {
  const { now } = measured([pods("web", 3, "3", "1Gi")], { nodes: nodes(2) });
  assert.equal(now.fits, false);
  assert.deepEqual(now.homeless.map(({ pods, of, because }) => [pods, of, because]), [
    [1, 3, "2 nodes have too little CPU"],
  ]);
});

Deno.test("required distance wants a node for each pod, and one more when one is lost", () => {
  const three = (count: number) =>
    measured([pods("web", 3, "100m", "64Mi", apart("web"))], { nodes: nodes(count) });
  assert.equal(three(2).now.fits, false);
  assert.equal(three(3).now.fits, true);
  const losses = three(3).losses.filter(({ controlPlane }) => !controlPlane);
  assert.deepEqual(losses.map(({ fits }) => fits), [false, false]);
  assert.match(losses[0]!.homeless[0]!.because, /2 nodes have one of its kind already/);
  const four = three(4).losses.filter(({ controlPlane }) => !controlPlane);
  assert.deepEqual(four.map(({ fits }) => fits), [true, true, true]);
});

Deno.test("hard spread over zones keeps to the zones that there are", () => {
  const web = pods("web", 3, "100m", "64Mi", {
    pod: {
      topologySpreadConstraints: [{
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app: "web" } },
      }],
    },
  });
  assert.equal(measured([web], { nodes: nodes(3) }).now.fits, false);
  const zoned = nodes(3, { zones: ["a"] });
  assert.equal(measured([web], { nodes: zoned }).now.fits, true);
});

Deno.test("when a node is lost its pods move to where there is room", () => {
  const web = pods("web", 4, "1", "2Gi");
  const roomy = measured([web], { nodes: nodes(3) }).losses.filter(({ controlPlane }) =>
    !controlPlane
  );
  assert.deepEqual(roomy.map(({ fits }) => fits), [true, true]);
  const full = measured([pods("web", 9, "1200m", "2Gi")], { nodes: nodes(3) });
  assert.equal(full.now.fits, true);
  assert.deepEqual(full.losses.map(({ fits }) => fits), [false, false, false]);
});

Deno.test("a pod whose volume is on the lost node stays down with it", () => {
  const db = pods("db", 1, "100m", "64Mi", {
    pod: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
  });
  const { losses } = measured([db, claim("data", "10Gi")], { nodes: nodes(3) });
  assert.deepEqual(losses.flatMap(({ pinned }) => pinned), ["1 of 1 pod of Deployment shop/db"]);
});

Deno.test("a rollout needs room for one more pod", () => {
  const surge = { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
  const web = pods("web", 3, "1300m", "1Gi", { spec: surge });
  assert.deepEqual(measured([web], { nodes: nodes(1) }).stuckRollouts, ["Deployment shop/web"]);
  assert.deepEqual(measured([web], { nodes: nodes(2) }).stuckRollouts, []);
});

Deno.test("required distance on full nodes holds a rollout up, unless it may take a pod away first", () => {
  const web = (rollingUpdate: unknown) =>
    measured([
      pods("web", 3, "100m", "64Mi", { ...apart("web"), spec: { strategy: { rollingUpdate } } }),
    ], {
      nodes: nodes(3),
    }).stuckRollouts.length;
  assert.equal(web({ maxSurge: 1, maxUnavailable: 0 }), 1);
  // A quarter of three pods, rounded down, is none.
  assert.equal(web(undefined), 1);
  assert.equal(web({ maxSurge: 1, maxUnavailable: 1 }), 0);
});

const longhorn = {
  storageClasses: {
    "local-path": {
      provisioner: "driver.longhorn.io",
      accessModes: ["ReadWriteOnce" as const],
      parameters: { numberOfReplicas: "3" },
      reclaimPolicy: "Retain" as const,
      volumeBindingMode: "Immediate" as const,
    },
  },
};

Deno.test("Longhorn's copies take their room on different nodes, and leave a part of each disk", () => {
  const volumes = [claim("a", "40Gi"), claim("b", "20Gi")];
  const three = measured(volumes, { ...longhorn, nodes: nodes(3) });
  assert.deepEqual(three.volumes.map(({ count, rawBytes }) => [count, rawBytes / gibibyte]), [
    [1, 120],
    [1, 60],
  ]);
  assert.equal(three.now.fits, true);
  assert.match(
    measured([...volumes, claim("c", "20Gi")], { ...longhorn, nodes: nodes(3) }).now.short[0]!,
    /Longhorn has no room for copies of 60 GiB/,
  );
  assert.match(
    measured(volumes, { ...longhorn, nodes: nodes(2) }).now.short[0]!,
    /volumes want 3 copies on different nodes, and there are 2 nodes/,
  );
});

Deno.test("a lost node leaves volumes a copy less, which alone is no reason to worry", () => {
  const { losses } = measured([claim("a", "1Gi")], { ...longhorn, nodes: nodes(3) });
  const worker = losses.find(({ controlPlane }) => !controlPlane);
  assert.equal(worker?.fits, true);
  assert.equal(worker?.fewerCopies, 3);
});

Deno.test("claims of StatefulSets and of operators are counted for each of their pods", () => {
  const set = workload("db", {
    spec: {
      replicas: 3,
      volumeClaimTemplates: [{
        metadata: { name: "data" },
        spec: { storageClassName: "local-path", resources: { requests: { storage: "5Gi" } } },
      }],
    },
  }, "StatefulSet");
  const prometheus = object("Prometheus", "main", {
    replicas: 2,
    resources: { requests: { cpu: "500m", memory: "2Gi" } },
    storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "50Gi" } } } } },
  }, { apiVersion: "monitoring.coreos.com/v1" });
  const { volumes, least } = measured([set, prometheus]);
  assert.deepEqual(
    volumes.map(({ subject, count, rawBytes }) => [subject, count, rawBytes / gibibyte]),
    [
      ["Prometheus shop/main: data", 2, 100],
      ["StatefulSet shop/db: data", 3, 15],
    ],
  );
  // Three of 100m, two of 500m and their reloaders of 10m.
  assert.equal(Number(least.requests.cpu.toFixed(3)), 1.32);
});

Deno.test("instances of database operators count, with their poolers", () => {
  const resources = { requests: { cpu: "500m", memory: "1Gi" } };
  const zalando = object("postgresql", "auth", {
    numberOfInstances: 2,
    resources,
    volume: { size: "20Gi" },
    connectionPooler: {
      numberOfInstances: 2,
      resources: { requests: { cpu: "100m", memory: "100Mi" } },
    },
  }, { apiVersion: "acid.zalan.do/v1" });
  const cnpg = object("Cluster", "pg", { instances: 3, resources, storage: { size: "50Gi" } }, {
    apiVersion: "postgresql.cnpg.io/v1",
  });
  const { least, volumes } = measured([zalando, cnpg]);
  assert.equal(Number(least.requests.cpu.toFixed(2)), 2.7);
  assert.deepEqual(volumes.map(({ count }) => count), [3, 2]);
});

Deno.test("of a MinIO's drives objects may take what parity leaves", () => {
  const minio = {
    files: {
      servers: 6,
      drivesPerServer: 1,
      parity: 2,
      storage: { storageClass: "a", size: "250Gi" },
    },
  };
  const [store] = measured([], { minio: minio as never }).stores;
  assert.equal(store?.driveBytes, 1500 * gibibyte);
  assert.equal(store?.usableBytes, 1000 * gibibyte);
});

Deno.test("two lines say whether it fits, and a platform without nodes gets one", () => {
  const web = pods("web", 3, "100m", "64Mi", apart("web"));
  assert.deepEqual(capacityLines(measured([web])), [{
    text:
      "3 pods request 0.3 cores and 192 MiB, and volumes take 0 B; the platform declares no nodes to compare with",
    good: true,
  }]);
  const lines = capacityLines(measured([web], { nodes: nodes(4) }));
  assert.match(
    lines[0]!.text,
    /^3 pods request 0.3 of 15.85 cores and 192 MiB of 62 GiB, and volumes take 0 B of 380 GiB of 4 nodes: they fit$/,
  );
  assert.equal(
    lines[1]!.text,
    "when server-1 is lost, the control plane is gone, and nothing moves until it is back",
  );
  const three = nodes(3);
  const ha = { server: { ...three["server"]!, count: 3 } };
  assert.deepEqual(capacityLines(measured([], { nodes: ha }))[1], {
    text: "when any one node is lost, all of it fits on the others",
    good: true,
  });
});

Deno.test("what is lost with the only node need not be listed", () => {
  const [, line] = capacityLines(measured([pods("web", 3, "100m", "64Mi")], { nodes: nodes(1) }));
  assert.deepEqual(line, {
    text: "when server-1 is lost, nothing runs until it is back with its disk: it is the only node",
    good: false,
  });
});

Deno.test("the tables' TOTAL is the sum of their rows", () => {
  const [podTable] = capacityTables(measured([
    pods("web", 2, "250m", "256Mi"),
    pods("api", 1, "1", "1Gi"),
  ]));
  const column = podTable!.columns.indexOf("CPU in all");
  const cells = podTable!.rows.map((row) => row[column]!);
  const total = podTable!.rows.findIndex(([name]) => name === "TOTAL, fewest pods");
  const sum = cells.slice(0, total).reduce((all, cell) => all + Number(cell), 0);
  assert.equal(Number(cells[total]), sum);
  assert.equal(sum, 1.5);
});
