import assert from "node:assert/strict";
import { type Missing, missing } from "../../../lib/local/nodes/missing.ts";
import { needsOf } from "../../../lib/local/nodes/needs.ts";
import type { Container, Pod, PodSpec } from "../../../lib/local/nodes/pod.ts";

interface Cluster {
  secrets?: Record<string, string[]>;
  configMaps?: Record<string, string[]>;
  claims?: Record<string, { bound: boolean; volume?: string; heldBy?: string[] }>;
}

function pod(spec: Partial<PodSpec>, annotations: Record<string, string> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", annotations },
    spec: { containers: [{ name: "app", image: "web:1" }], ...spec },
  };
}

function withContainer(container: Partial<Container>): Pod {
  return pod({ containers: [{ name: "app", image: "web:1", ...container }] });
}

function missingIn(subject: Pod, { secrets, configMaps, claims }: Cluster = {}): Missing[] {
  return missing(needsOf(subject), {
    namespace: "shop",
    keys: (kind, name) => {
      const keys = (kind === "Secret" ? secrets : configMaps)?.[name];
      return keys && new Set(keys);
    },
    claim: (name) => claims?.[name] && { heldBy: [], ...claims[name] },
  });
}

const configError = (message: string, container = "app"): Missing => ({
  reason: "CreateContainerConfigError",
  message,
  container,
});
const failedMount = (message: string): Missing => ({ reason: "FailedMount", message });

const cases: { it: string; pod: Pod; fails: Cluster; says: Missing; passes: Cluster }[] = [
  {
    it: "the Secret that an environment takes whole",
    pod: withContainer({ envFrom: [{ secretRef: { name: "db" } }] }),
    fails: {},
    says: configError('secret "db" not found'),
    passes: { secrets: { db: [] } },
  },
  {
    it: "the ConfigMap that an environment takes whole",
    pod: withContainer({ envFrom: [{ configMapRef: { name: "app" } }] }),
    fails: { secrets: { app: [] } },
    says: configError('configmap "app" not found'),
    passes: { configMaps: { app: [] } },
  },
  {
    it: "the Secret of a variable",
    pod: withContainer({
      env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } }],
    }),
    fails: {},
    says: configError('secret "db" not found'),
    passes: { secrets: { db: ["url"] } },
  },
  {
    it: "the key of a Secret that a variable names",
    pod: withContainer({
      env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } }],
    }),
    fails: { secrets: { db: ["password"] } },
    says: configError("couldn't find key url in Secret shop/db"),
    passes: { secrets: { db: ["password", "url"] } },
  },
  {
    it: "the key of a ConfigMap that a variable names",
    pod: withContainer({
      env: [{ name: "MODE", valueFrom: { configMapKeyRef: { name: "app", key: "mode" } } }],
    }),
    fails: { configMaps: { app: [] } },
    says: configError("couldn't find key mode in ConfigMap shop/app"),
    passes: { configMaps: { app: ["mode"] } },
  },
  {
    it: "what an init container's environment names",
    pod: pod({
      initContainers: [{ name: "wait", image: "wait:1", envFrom: [{ secretRef: { name: "db" } }] }],
    }),
    fails: {},
    says: configError('secret "db" not found', "wait"),
    passes: { secrets: { db: [] } },
  },
  {
    it: "the Secret that a volume shows",
    pod: pod({ volumes: [{ name: "tls", secret: { secretName: "cert" } }] }),
    fails: {},
    says: failedMount('MountVolume.SetUp failed for volume "tls" : secret "cert" not found'),
    passes: { secrets: { cert: [] } },
  },
  {
    it: "a key of the Secret that a volume shows",
    pod: pod({
      volumes: [{
        name: "tls",
        secret: { secretName: "cert", items: [{ key: "tls.crt", path: "crt" }] },
      }],
    }),
    fails: { secrets: { cert: ["tls.key"] } },
    says: failedMount(
      'MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.crt',
    ),
    passes: { secrets: { cert: ["tls.crt"] } },
  },
  {
    it: "a key of the ConfigMap that a volume shows",
    pod: pod({
      volumes: [{ name: "etc", configMap: { name: "app", items: [{ key: "a", path: "a" }] } }],
    }),
    fails: { configMaps: { app: ["b"] } },
    says: failedMount(
      'MountVolume.SetUp failed for volume "etc" : ' +
        "configmap references non-existent config key: a",
    ),
    passes: { configMaps: { app: ["a"] } },
  },
  {
    it: "the ConfigMap in a projected volume",
    pod: pod({
      volumes: [{
        name: "token",
        projected: { sources: [{ configMap: { name: "kube-root-ca.crt" } }] },
      }],
    }),
    fails: {},
    says: failedMount(
      'MountVolume.SetUp failed for volume "token" : configmap "kube-root-ca.crt" not found',
    ),
    passes: { configMaps: { "kube-root-ca.crt": ["ca.crt"] } },
  },
  {
    it: "the Secret in a projected volume",
    pod: pod({ volumes: [{ name: "all", projected: { sources: [{ secret: { name: "a" } }] } }] }),
    fails: {},
    says: failedMount('MountVolume.SetUp failed for volume "all" : secret "a" not found'),
    passes: { secrets: { a: [] } },
  },
  {
    it: "the Secret that a driver is given for a pod's own volume",
    pod: pod({ volumes: [{ name: "s3", csi: { nodePublishSecretRef: { name: "keys" } } }] }),
    fails: {},
    says: failedMount('MountVolume.SetUp failed for volume "s3" : secret "keys" not found'),
    passes: { secrets: { keys: [] } },
  },
  {
    it: "the pull secret",
    pod: pod({ imagePullSecrets: [{ name: "registry" }] }),
    fails: {},
    says: { reason: "ImagePullBackOff", message: 'pull secret "registry" not found' },
    passes: { secrets: { registry: [".dockerconfigjson"] } },
  },
  {
    it: "a registry's credentials in the pull secret",
    pod: pod({ imagePullSecrets: [{ name: "registry" }] }),
    fails: { secrets: { registry: ["password"] } },
    says: {
      reason: "ImagePullBackOff",
      message: 'pull secret "registry" has neither .dockerconfigjson nor .dockercfg, ' +
        "so it is no registry credential",
    },
    passes: { secrets: { registry: [".dockercfg"] } },
  },
  {
    it: "the claim of a volume",
    pod: pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName: "db" } }] }),
    fails: {},
    says: failedMount(
      "Unable to attach or mount volumes: unmounted volumes=[data]: " +
        'error processing PVC shop/db: persistentvolumeclaim "db" not found',
    ),
    passes: { claims: { db: { bound: true, volume: "pv-1" } } },
  },
  {
    it: "a volume for the claim",
    pod: pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName: "db" } }] }),
    fails: { claims: { db: { bound: false } } },
    says: failedMount(
      "Unable to attach or mount volumes: unmounted volumes=[data]: " +
        "error processing PVC shop/db: PVC is not bound",
    ),
    passes: { claims: { db: { bound: true, volume: "pv-1" } } },
  },
  {
    it: "the claim that is made for the pod alone",
    pod: pod({ volumes: [{ name: "scratch", ephemeral: {} }] }),
    fails: { claims: { scratch: { bound: true } } },
    says: failedMount(
      "Unable to attach or mount volumes: unmounted volumes=[scratch]: " +
        'error processing PVC shop/web-scratch: persistentvolumeclaim "web-scratch" not found',
    ),
    passes: { claims: { "web-scratch": { bound: true, volume: "pv-1" } } },
  },
  {
    it: "a volume that no pod on another node holds",
    pod: pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName: "db" } }] }),
    fails: { claims: { db: { bound: true, volume: "pv-1", heldBy: ["web-0", "web-1"] } } },
    says: {
      reason: "FailedAttachVolume",
      message: 'Multi-Attach error for volume "pv-1" ' +
        "Volume is already used by pod(s) web-0, web-1",
    },
    passes: { claims: { db: { bound: true, volume: "pv-1", heldBy: [] } } },
  },
];

for (const { it, pod, fails, says, passes } of cases) {
  Deno.test(`a pod does not start without ${it}`, () => {
    assert.deepEqual(missingIn(pod, fails), [says]);
    assert.deepEqual(missingIn(pod, passes), []);
  });
}

Deno.test("a pod that must not be root does not start without a numeric user", () => {
  const [fault, ...more] = missingIn(pod({ securityContext: { runAsNonRoot: true } }));
  assert.equal(fault?.reason, "CreateContainerConfigError");
  assert.match(fault?.message ?? "", /no numeric runAsUser.*\(container: app\)/);
  assert.deepEqual(more, []);
  assert.deepEqual(
    missingIn(pod({ securityContext: { runAsNonRoot: true, runAsUser: 1000 } })),
    [],
  );
});

Deno.test("a pod that must not be root does not start as user 0", () => {
  const root = { securityContext: { runAsNonRoot: true, runAsUser: 0 } };
  assert.match(
    missingIn(withContainer(root))[0]?.message ?? "",
    /runAsUser breaks non-root policy/,
  );
});

Deno.test("a container's own user counts before the pod's", () => {
  const subject = pod({
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    containers: [
      { name: "app", securityContext: { runAsUser: 0 } },
      { name: "log", securityContext: { runAsNonRoot: false, runAsUser: 0 } },
    ],
  });
  assert.deepEqual(missingIn(subject).map(({ container }) => container), ["app"]);
});

Deno.test("what is marked optional is no need", () => {
  const optional = { name: "none", optional: true };
  const subject = pod({
    containers: [{
      name: "app",
      envFrom: [{ secretRef: optional }, { configMapRef: optional }],
      env: [
        { name: "A", valueFrom: { secretKeyRef: { ...optional, key: "a" } } },
        { name: "B", valueFrom: { configMapKeyRef: { ...optional, key: "b" } } },
      ],
    }],
    volumes: [
      { name: "a", secret: { secretName: "none", optional: true } },
      { name: "b", configMap: optional },
      { name: "c", projected: { sources: [{ secret: optional }, { configMap: optional }] } },
    ],
  });
  assert.deepEqual(needsOf(subject), []);
});

Deno.test("a pod that needs nothing of its node may start", () => {
  assert.deepEqual(missingIn(pod({ volumes: [{ name: "tmp" }] })), []);
});

Deno.test("an annotation keeps a pod waiting, or lets no image be pulled", () => {
  assert.deepEqual(
    missingIn(pod({}, { "slipway.dev/simulate": "pending" })).map(({ reason }) => reason),
    ["Held"],
  );
  assert.deepEqual(
    missingIn(pod({}, { "slipway.dev/simulate": "image-pull-error" })).map(({ reason }) => reason),
    ["ImagePullBackOff"],
  );
  assert.deepEqual(missingIn(pod({}, { "slipway.dev/simulate": "crash-loop" })), []);
});

Deno.test("a claim that is just being bound is waited for in silence", () => {
  const subject = pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName: "db" } }] });
  const faults = missingIn(subject, { claims: { db: { bound: false, volume: "pv-1" } } });
  assert.deepEqual(faults.map(({ reason }) => reason), ["Held"]);
});
