import assert from "node:assert/strict";
import type { Manifest } from "../../../lib/core/object.ts";
import { cronJob } from "../../../manifests/components/workload/cron_job.ts";
import {
  configChecksumAnnotation,
  withChecksums,
} from "../../../manifests/components/workload/checksum.ts";
import { workload } from "../../../manifests/components/workload/workload.ts";
import { sampleWorkload } from "../../platform/sample_platform.ts";
import { find } from "../find.ts";

function of(kind: string, name: string, body: Record<string, unknown>): Manifest {
  return { apiVersion: "v1", kind, metadata: { name, namespace: "shop" }, ...body };
}

function checksumOf(
  changes: Parameters<typeof sampleWorkload>[0],
  ...sources: Manifest[]
): string | undefined {
  const manifests = withChecksums([...workload("web", sampleWorkload(changes)), ...sources]);
  return find(manifests, "Deployment", "shop/web").spec.template.metadata
    .annotations?.[configChecksumAnnotation];
}

const mounted = { mounts: { "/etc/app": { config: "app" } } };

Deno.test("pods are replaced when a ConfigMap that they mount changes, and only then", () => {
  const before = checksumOf(mounted, of("ConfigMap", "app", { data: { a: "1" } }));
  assert.match(before!, /^[0-9a-f]{64}$/);
  assert.notEqual(checksumOf(mounted, of("ConfigMap", "app", { data: { a: "2" } })), before);
  assert.equal(
    checksumOf(
      mounted,
      of("ConfigMap", "other", { data: { a: "2" } }),
      of("ConfigMap", "app", { data: { a: "1" } }),
    ),
    before,
  );
});

Deno.test("a ConfigMap of the same name in another namespace is another one", () => {
  const elsewhere = of("ConfigMap", "app", { data: {} });
  elsewhere.metadata.namespace = "other";
  assert.equal(checksumOf(mounted, elsewhere), undefined);
});

Deno.test("variables count as files do, of init containers too", () => {
  const { resources } = sampleWorkload();
  const init = { image: "docker.io/example/init:1", resources };
  for (
    const changes of [
      { envFromConfigs: ["app"] },
      { env: { A: { config: "app", key: "a" } } },
      { initContainers: { init: { ...init, envFromConfigs: ["app"] } } },
    ]
  ) {
    assert.notEqual(checksumOf(changes, of("ConfigMap", "app", { data: {} })), undefined);
  }
});

Deno.test("sealed and external secrets count by what the render knows of them", () => {
  const changes = { envFromSecrets: ["db"], mounts: { "/tls": { secret: "tls" } } };
  const sealed = (text: string) =>
    of("SealedSecret", "db", { spec: { encryptedData: { PASSWORD: text } } });
  const before = checksumOf(changes, sealed("AgB1"));
  assert.notEqual(before, undefined);
  assert.notEqual(checksumOf(changes, sealed("AgB2")), before);
  const external = of("ExternalSecret", "tls-from-vault", {
    spec: { target: { name: "tls" }, data: [{ secretKey: "tls.crt" }] },
  });
  assert.notEqual(checksumOf(changes, sealed("AgB1"), external), before);
});

Deno.test("pods that read nothing of the render have no checksum, nor have those of a cron job", () => {
  assert.equal(checksumOf({ envFromSecrets: ["elsewhere"] }), undefined);
  const { image, resources } = sampleWorkload();
  const job = cronJob("report", {
    namespace: "shop",
    image,
    resources,
    schedule: "0 4 * * *",
    deadlineSeconds: 600,
    envFromConfigs: ["app"],
  });
  const manifests = [...job, of("ConfigMap", "app", { data: {} })];
  assert.deepEqual(withChecksums(manifests), manifests);
});

Deno.test("a checksum that a component has put there itself is kept", () => {
  assert.equal(
    checksumOf(
      { ...mounted, podAnnotations: { [configChecksumAnnotation]: "own" } },
      of("ConfigMap", "app", { data: {} }),
    ),
    "own",
  );
});
