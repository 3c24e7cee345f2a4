import assert from "node:assert/strict";
import type { Mount } from "../../../lib/platform/types.ts";
import {
  mounts,
  mountsOf,
  volumeSet,
  volumesOf,
} from "../../../manifests/components/workload/volumes.ts";

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

Deno.test("files of ConfigMaps and paths of the node are read-only unless said otherwise", () => {
  const { volumes, volumeMounts } = mounts({
    "/etc/app": { config: "app", items: { "app.yaml": "app.yaml" } },
    "/host": {
      hostPath: { path: "/", type: "Directory", propagation: "HostToContainer", because: "reads" },
    },
    "/srv": { config: "pages", readOnly: false },
  });
  assert.deepEqual(plain(volumes), [
    { name: "etc-app", configMap: { name: "app", items: [{ key: "app.yaml", path: "app.yaml" }] } },
    { name: "host", hostPath: { path: "/", type: "Directory" } },
    { name: "srv", configMap: { name: "pages" } },
  ]);
  assert.deepEqual(plain(volumeMounts), [
    { name: "etc-app", mountPath: "/etc/app", readOnly: true },
    { name: "host", mountPath: "/host", readOnly: true, mountPropagation: "HostToContainer" },
    { name: "srv", mountPath: "/srv" },
  ]);
});

Deno.test("containers share the scratch space that they call by one name, and no other", () => {
  const set = volumeSet();
  const shared: Mount = { emptyDir: { sizeLimit: "1Gi", name: "exchange" } };
  const own: Mount = { emptyDir: { sizeLimit: "64Mi" } };
  const main = mountsOf("web", { "/out": shared, "/tmp": own }, set);
  const side = mountsOf("sync", { "/in": shared, "/tmp": own }, set);
  assert.deepEqual(main.map(({ name }) => name), ["exchange", "tmp"]);
  assert.deepEqual(side.map(({ name }) => name), ["exchange", "sync-tmp"]);
  assert.deepEqual(volumesOf(set).map(({ name }) => name), ["exchange", "tmp", "sync-tmp"]);
});

Deno.test("containers share the volume of one Secret, and have different ones of two at one path", () => {
  const set = volumeSet();
  const first = mountsOf("web", { "/tls": { secret: "web-tls" } }, set);
  const same = mountsOf("sync", { "/tls": { secret: "web-tls" } }, set);
  const other = mountsOf("probe", { "/tls": { secret: "probe-tls" } }, set);
  assert.deepEqual([first, same, other].map(([mount]) => mount!.name), ["tls", "tls", "probe-tls"]);
  assert.equal(volumesOf(set).length, 2);
});

Deno.test("parts of one claim are mounted by their path within it", () => {
  const { volumes, volumeMounts } = mounts({
    "/data": { claim: "files", subPath: "data" },
    "/mail": { claim: "files", subPath: "mail" },
  });
  assert.equal(volumes.length, 1);
  assert.deepEqual(volumeMounts.map(({ subPath }) => subPath), ["data", "mail"]);
});

Deno.test("volumes are called by names that Kubernetes takes, whatever the path", () => {
  const { volumes } = mounts({
    "/": { emptyDir: { sizeLimit: "1Mi" } },
    "/.cache/": { emptyDir: { sizeLimit: "1Mi", medium: "Memory" } },
    [`/${"long/".repeat(20)}`]: { emptyDir: { sizeLimit: "1Mi" } },
  });
  for (const { name } of volumes) assert.match(name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  assert.equal(new Set(volumes.map(({ name }) => name)).size, 3);
});

Deno.test("volumes of long names are still told apart", () => {
  const set = volumeSet();
  const path = `/${"a".repeat(70)}`;
  for (const secret of ["one", "two", "three", "four"]) {
    mountsOf("c".repeat(63), { [path]: { secret } }, set);
  }
  const names = volumesOf(set).map(({ name }) => name);
  assert.equal(new Set(names).size, 4);
  for (const name of names) assert(name.length <= 63, name);
});
