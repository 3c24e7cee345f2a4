import assert from "node:assert/strict";
import { isReadyOnceApplied, verdictOf } from "../../../lib/kube/ready/verdict_of.ts";
import { sample } from "../sample_objects.ts";

const verdict = (...args: Parameters<typeof verdictOf>) => {
  const { state, because, mayHeal } = verdictOf(...args);
  return `${state}${mayHeal ? " for now" : ""}: ${because}`;
};

const condition = (type: string, status: string, more: Record<string, unknown> = {}) => ({
  type,
  status,
  ...more,
});

Deno.test("a HelmChart is ready when its job was made, and fails with its job", () => {
  const chart = (status: unknown) => verdict(sample("helm.cattle.io/v1", "HelmChart", { status }));
  assert.equal(chart({}), "waiting: not seen by the helm controller yet");
  const jobName = "helm-install-velero";
  assert.equal(
    chart({ jobName, conditions: [condition("JobCreated", "False", { message: "no chart" })] }),
    "waiting: its job helm-install-velero is not made yet: no chart",
  );
  assert.equal(
    chart({ jobName, conditions: [condition("JobCreated", "True")] }),
    "ready: handed to job helm-install-velero",
  );
  assert.equal(
    chart({ jobName, conditions: [condition("Failed", "True", { message: "exit status 1" })] }),
    "failed for now: could not be installed: exit status 1",
  );
});

Deno.test("a Prometheus is ready when its operator reconciled it and all its pods are available", () => {
  const prometheus = (availableReplicas: number, ...conditions: unknown[]) =>
    verdict(sample("monitoring.coreos.com/v1", "Prometheus", {
      metadata: { generation: 2 },
      spec: { replicas: 2 },
      status: { availableReplicas, conditions },
    }));
  const reconciled = condition("Reconciled", "True", { observedGeneration: 2 });
  assert.equal(prometheus(0), "waiting: not seen by the Prometheus operator yet");
  assert.equal(
    prometheus(2, condition("Reconciled", "True", { observedGeneration: 1 })),
    "waiting: Reconciled still speaks of generation 1",
  );
  assert.equal(
    prometheus(1, reconciled, condition("Available", "Degraded", { reason: "SomePodsNotReady" })),
    "waiting: 1/2 available: SomePodsNotReady",
  );
  assert.equal(
    prometheus(0, condition("Reconciled", "False", { message: "bad retention" })),
    "failed for now: cannot be reconciled: bad retention",
  );
  assert.equal(
    prometheus(2, reconciled, condition("Available", "True")),
    "ready: 2/2 available",
  );
});

Deno.test("an Alertmanager is read as a Prometheus is", () => {
  const alertmanager = sample("monitoring.coreos.com/v1", "Alertmanager", {
    spec: { replicas: 1 },
    status: {
      availableReplicas: 1,
      conditions: [condition("Reconciled", "True"), condition("Available", "True")],
    },
  });
  assert.equal(verdict(alertmanager), "ready: 1/1 available");
});

Deno.test("a postgresql of Zalando's operator is ready when it runs", () => {
  const cluster = (status?: string) =>
    verdict(sample("acid.zalan.do/v1", "postgresql", {
      status: status === undefined ? undefined : { PostgresClusterStatus: status },
    }));
  assert.equal(cluster(), "waiting: not seen by the Postgres operator yet");
  assert.equal(cluster("Creating"), "waiting: is Creating");
  assert.equal(cluster("Running"), "ready: Running");
  assert.equal(cluster("SyncFailed"), "failed for now: is SyncFailed");
  assert.equal(
    cluster("Invalid"),
    "failed: Invalid: the operator refuses its specification",
  );
});

Deno.test("a Cluster of CloudNativePG is ready when its instances are and its WAL is archived", () => {
  const cluster = (phase: string | undefined, readyInstances: number, more = {}) =>
    verdict(sample("postgresql.cnpg.io/v1", "Cluster", {
      spec: { instances: 3 },
      status: { phase, readyInstances, ...more },
    }));
  const healthy = "Cluster in healthy state";
  assert.equal(cluster(undefined, 0), "waiting: not seen by CloudNativePG yet");
  assert.equal(
    cluster("Creating a new replica", 2, { phaseReason: "Creating replica db-3" }),
    "waiting: 2/3 instances ready: Creating a new replica: Creating replica db-3",
  );
  assert.equal(
    cluster(healthy, 2),
    "waiting: 2/3 instances ready: Cluster in healthy state",
  );
  assert.equal(cluster(healthy, 3), "ready: 3/3 instances ready");
  assert.equal(
    cluster(healthy, 3, {
      conditions: [condition("ContinuousArchiving", "False", { message: "access denied" })],
    }),
    "failed for now: 3/3 instances ready, but its WAL is not archived: access denied",
  );
  assert.equal(
    cluster("Cluster is unrecoverable and needs manual intervention", 0),
    "failed: Cluster is unrecoverable and needs manual intervention",
  );
  assert.equal(
    cluster("Unable to create required cluster objects", 0),
    "failed for now: Unable to create required cluster objects",
  );
});

Deno.test("a Gateway is ready when it is programmed, and names the listener that is wrong", () => {
  const gateway = (kind: string, conditions: unknown[], listeners: unknown[] = []) =>
    verdict(sample("gateway.networking.k8s.io/v1", kind, {
      metadata: { generation: 3 },
      status: { conditions, listeners },
    }));
  const accepted = condition("Accepted", "True", { observedGeneration: 3 });
  const programmed = condition("Programmed", "True", { observedGeneration: 3 });
  assert.equal(gateway("Gateway", []), "waiting: not Accepted yet");
  assert.equal(
    gateway("Gateway", [condition("Accepted", "Unknown", { reason: "Pending" })]),
    "waiting: not Accepted yet: Pending",
  );
  assert.equal(
    gateway("Gateway", [accepted, condition("Programmed", "True", { observedGeneration: 2 })]),
    "waiting: Programmed still speaks of generation 2",
  );
  assert.equal(
    gateway("Gateway", [accepted, condition("Programmed", "False", { reason: "NoResources" })]),
    "failed for now: is not Programmed: NoResources",
  );
  assert.equal(gateway("ListenerSet", [accepted, programmed]), "ready: Programmed");
  assert.equal(
    gateway("ListenerSet", [accepted, programmed], [
      { name: "acme", conditions: [condition("Accepted", "True")] },
      {
        name: "https",
        conditions: [condition("Conflicted", "True", { reason: "HostnameConflict" })],
      },
    ]),
    "failed for now: listener https: Conflicted is True: HostnameConflict",
  );
  assert.equal(
    gateway("Gateway", [accepted, programmed], [
      { name: "https", conditions: [condition("Conflicted", "False")] },
    ]),
    "ready: Programmed",
  );
  assert.equal(
    gateway("Gateway", [accepted, programmed], [{
      name: "https",
      conditions: [condition("ResolvedRefs", "False", {
        reason: "InvalidCertificateRef",
        observedGeneration: 3,
      })],
    }]),
    "failed for now: listener https: ResolvedRefs is False: InvalidCertificateRef",
  );
});

Deno.test("a GatewayClass is ready when its controller accepted it", () => {
  const of = (...conditions: unknown[]) =>
    verdict(sample("gateway.networking.k8s.io/v1", "GatewayClass", { status: { conditions } }));
  assert.equal(
    of(condition("Accepted", "Unknown", { reason: "Pending" })),
    "waiting: not Accepted yet: Pending",
  );
  assert.equal(of(condition("Accepted", "True")), "ready: Accepted");
});

Deno.test("a route is ready when each of its parents accepted it and found its backends", () => {
  const route = (...parents: unknown[]) =>
    verdict(sample("gateway.networking.k8s.io/v1", "HTTPRoute", {
      spec: { parentRefs: [{ name: "public" }, { name: "private" }] },
      status: { parents },
    }));
  const fine = [condition("Accepted", "True"), condition("ResolvedRefs", "True")];
  const answer = (name: string, conditions: unknown[]) => ({ parentRef: { name }, conditions });
  assert.equal(route(), "waiting: not seen by public, private yet");
  assert.equal(route(answer("public", fine)), "waiting: not seen by private yet");
  assert.equal(
    route(
      answer("public", fine),
      answer("private", [
        condition("Accepted", "True"),
        condition("ResolvedRefs", "False", { reason: "BackendNotFound" }),
      ]),
    ),
    "failed for now: private: is not ResolvedRefs: BackendNotFound",
  );
  assert.equal(
    route(answer("public", fine), answer("private", fine)),
    "ready: accepted by public, private",
  );
});

Deno.test("a policy of Envoy Gateway is ready when what it is attached to accepted it", () => {
  const policy = (...ancestors: unknown[]) =>
    verdict(sample("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", { status: { ancestors } }));
  const answer = (status: string, reason: string) => ({
    ancestorRef: { name: "public" },
    conditions: [condition("Accepted", status, { reason })],
  });
  assert.equal(policy(), "waiting: not seen by its controller yet");
  assert.equal(
    policy(answer("False", "TargetNotFound")),
    "failed for now: public: is not Accepted: TargetNotFound",
  );
  assert.equal(policy(answer("True", "Accepted")), "ready: accepted by public");
});

Deno.test("a SealedSecret is ready when its present generation was unsealed", () => {
  const sealed = (observedGeneration: number | undefined, ...conditions: unknown[]) =>
    verdict(sample("bitnami.com/v1alpha1", "SealedSecret", {
      metadata: { generation: 2 },
      status: { observedGeneration, conditions },
    }));
  assert.equal(
    sealed(undefined),
    "waiting: not seen by the sealed-secrets controller yet",
  );
  assert.equal(
    sealed(1, condition("Synced", "True")),
    "waiting: its controller has seen generation 1, not 2 yet",
  );
  assert.equal(sealed(2, condition("Synced", "True")), "ready: unsealed");
  assert.equal(
    sealed(2, condition("Synced", "False", { message: "no key could decrypt secret" })),
    "failed for now: cannot be unsealed: no key could decrypt secret",
  );
});

Deno.test("a BackupStorageLocation is ready when Velero can use it", () => {
  const location = (status?: unknown) =>
    verdict(sample("velero.io/v1", "BackupStorageLocation", { status }));
  assert.equal(location(), "waiting: not seen by Velero yet");
  assert.equal(location({ phase: "Available" }), "ready: Available");
  assert.equal(
    location({ phase: "Unavailable", message: "bucket\nnot found" }),
    "failed for now: is Unavailable: bucket not found",
  );
});

Deno.test("a Schedule of Velero is ready when it is enabled, and tells why it is refused", () => {
  const schedule = (status?: unknown) =>
    verdict(sample("velero.io/v1", "Schedule", { spec: { schedule: "0 1 * * *" }, status }));
  assert.equal(schedule(), "waiting: not seen by Velero yet");
  assert.equal(schedule({ phase: "New" }), "waiting: not seen by Velero yet");
  assert.equal(schedule({ phase: "Enabled" }), "ready: scheduled 0 1 * * *");
  assert.equal(
    schedule({ phase: "FailedValidation", validationErrors: ["invalid schedule"] }),
    "failed: is refused: invalid schedule",
  );
});

Deno.test("Longhorn's backup target and settings are ready when Longhorn says so", () => {
  const target = (status?: unknown, spec: unknown = { backupTargetURL: "s3://backups@eu/" }) =>
    verdict(sample("longhorn.io/v1beta2", "BackupTarget", { spec, status }));
  assert.equal(target(undefined, {}), "ready: no URL is set");
  assert.equal(target(), "waiting: not seen by Longhorn yet");
  assert.equal(target({ available: true }), "ready: available");
  assert.equal(
    target({
      available: false,
      conditions: [condition("Unavailable", "True", { message: "no such bucket" })],
    }),
    "failed for now: is not available: no such bucket",
  );
  const setting = (status?: unknown) =>
    verdict(sample("longhorn.io/v1beta2", "Setting", { status }));
  assert.equal(setting(), "waiting: not seen by Longhorn yet");
  assert.equal(setting({ applied: false }), "waiting: not applied while volumes are attached");
  assert.equal(setting({ applied: true }), "ready: applied");
});

Deno.test("a ValidatingAdmissionPolicy is ready when its expressions were checked and are right", () => {
  const policy = (status?: unknown) =>
    verdict(sample("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {
      metadata: { generation: 1 },
      status,
    }));
  assert.equal(policy({}), "waiting: not seen by its controller yet");
  assert.equal(
    policy({ observedGeneration: 1, typeChecking: {} }),
    "ready: its expressions are checked",
  );
  assert.equal(
    policy({
      observedGeneration: 1,
      typeChecking: {
        expressionWarnings: [{
          fieldRef: "spec.validations[0].expression",
          warning: "undefined field 'hots'",
        }],
      },
    }),
    "failed: spec.validations[0].expression is wrong: undefined field 'hots'",
  );
});

Deno.test("objects that operators only read need no wait", () => {
  for (
    const [apiVersion, kind] of [
      ["monitoring.coreos.com/v1", "PrometheusRule"],
      ["monitoring.coreos.com/v1", "ServiceMonitor"],
      ["longhorn.io/v1beta2", "RecurringJob"],
      ["snapshot.storage.k8s.io/v1", "VolumeSnapshotClass"],
      ["argoproj.io/v1alpha1", "AppProject"],
    ] as const
  ) assert.equal(isReadyOnceApplied({ apiVersion, kind }), true, kind);
  assert.equal(
    isReadyOnceApplied({ apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus" }),
    false,
  );
});
