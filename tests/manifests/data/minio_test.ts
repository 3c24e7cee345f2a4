import assert from "node:assert/strict";
import type { Minio } from "../../../lib/platform/types.ts";
import { minio } from "../../../manifests/components/data/minio.ts";
import { objectsOf } from "../../../manifests/components/data/parts.ts";
import { sampleMinio } from "../../platform/sample_data.ts";
import { find, namesOf } from "../find.ts";

const render = (changes: Partial<Minio> = {}) => objectsOf(minio("objects", sampleMinio(changes)));
const serverOf = (changes: Partial<Minio> = {}) =>
  find(render(changes), "StatefulSet", "shop/objects").spec.template.spec.containers[0];

const endpoints: [what: string, changes: Partial<Minio>, expected: string][] = [
  ["a single server with one drive", {}, "/data"],
  ["a single server with four drives", { drivesPerServer: 4 }, "/data-{0...3}"],
  [
    "six servers",
    { servers: 6 },
    "http://objects-{0...5}.objects-headless.shop.svc.cluster.local:9000/data",
  ],
  [
    "four servers with two drives each",
    { servers: 4, drivesPerServer: 2 },
    "http://objects-{0...3}.objects-headless.shop.svc.cluster.local:9000/data-{0...1}",
  ],
];

for (const [what, changes, expected] of endpoints) {
  Deno.test(`minio() names the drives of ${what} as one pool, and claims each of them`, () => {
    const { args, volumeMounts } = serverOf(changes);
    assert.equal(args.at(-1), expected);
    const { spec } = find(render(changes), "StatefulSet", "shop/objects");
    const claims = spec.volumeClaimTemplates.map((
      { metadata }: { metadata: { name: string } },
    ) => metadata.name);
    assert.equal(claims.length, changes.drivesPerServer ?? 1);
    for (const claim of claims) {
      assert.ok(
        volumeMounts.some((mount: { name: string; mountPath: string }) =>
          mount.name === claim && mount.mountPath === `/${claim}`
        ),
      );
    }
  });
}

const variableOf = (container: ReturnType<typeof serverOf>, name: string) =>
  container.env.find((variable: { name: string }) => variable.name === name)?.value;

Deno.test("minio() says how much parity objects have where it is asked to", () => {
  const parity = (changes: Partial<Minio>) =>
    variableOf(serverOf(changes), "MINIO_STORAGE_CLASS_STANDARD");
  assert.equal(parity({ servers: 6, parity: 2 }), "EC:2");
  assert.equal(parity({ servers: 6 }), undefined);
});

Deno.test("minio() starts all servers at once, as none answers before the others do", () => {
  const { spec } = find(render({ servers: 4 }), "StatefulSet", "shop/objects");
  assert.equal(spec.podManagementPolicy, "Parallel");
  const headless = find(render({ servers: 4 }), "Service", "shop/objects-headless").spec;
  assert.equal(headless.publishNotReadyAddresses, true);
});

Deno.test("minio() serves its console only where it is asked to", () => {
  assert.equal(variableOf(serverOf(), "MINIO_BROWSER"), "off");
  assert.deepEqual(find(render(), "Service", "shop/objects").spec.ports.length, 1);
  const withConsole = render({ console: true });
  assert.deepEqual(
    find(withConsole, "Service", "shop/objects").spec.ports.map((
      { port }: { port: number },
    ) => port),
    [9000, 9001],
  );
});

const bucket = {
  purpose: "Database backups",
  versioning: false,
  objectLock: false,
  keepForDays: 30,
};

Deno.test("minio() has no Job without buckets", () => {
  assert.deepEqual(namesOf(render(), "Job"), []);
});

Deno.test("minio() makes another Job when buckets change, since Jobs never do, and the same when they do not", () => {
  const [job] = namesOf(render({ buckets: { backups: bucket } }), "Job");
  assert.match(job!, /^shop\/objects-buckets-[0-9a-f]{8}$/);
  assert.deepEqual(namesOf(render({ buckets: { backups: bucket } }), "Job"), [job]);
  const others = [
    { buckets: { backups: { ...bucket, keepForDays: 31 } } },
    { buckets: { backups: bucket }, clientImage: "quay.io/minio/mc:other" },
  ];
  for (const other of others) assert.notDeepEqual(namesOf(render(other), "Job"), [job]);
});

Deno.test("minio() keeps the Job's pods out of the Service and the disruption budget", () => {
  const manifests = render({ servers: 4, buckets: { backups: bucket } });
  const [name] = namesOf(manifests, "Job");
  const { labels } = find(manifests, "Job", name!).spec.template.metadata;
  for (const kind of ["Service", "PodDisruptionBudget"]) {
    const { spec } = find(manifests, kind, "shop/objects");
    const selector = kind === "Service" ? spec.selector : spec.selector.matchLabels;
    assert.ok(Object.entries(selector).some(([key, value]) => labels[key] !== value));
  }
});
