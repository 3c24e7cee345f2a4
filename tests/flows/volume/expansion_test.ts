import assert from "node:assert/strict";
import type { VolumeClaim } from "../../../lib/flows/volume/claims.ts";
import {
  planExpansion,
  setWithSize,
  type VolumeClass,
  type VolumeSet,
} from "../../../lib/flows/volume/expansion.ts";
import { writeSize } from "../../../lib/flows/volume/platform_size.ts";
import { readPlatformFile } from "../../../lib/flows/render/render.ts";
import { testContext } from "../../context.ts";
import { withFolder } from "../../folder.ts";

function claim(storage: string, phase = "Bound", storageClassName = "longhorn"): VolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { namespace: "shop", name: "data" },
    spec: { storageClassName, resources: { requests: { storage } } },
    status: { phase },
  };
}

const classes = new Map<string, VolumeClass>(
  [["longhorn", true], ["local-path", undefined]].map(([name, allowVolumeExpansion]) => [
    name as string,
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: name as string },
      ...allowVolumeExpansion && { allowVolumeExpansion: true },
    },
  ]),
);

Deno.test("claims that are smaller are asked for more, and those of the size only waited for", () => {
  const plan = planExpansion([claim("1Gi"), claim("2048Mi")], classes, "2Gi");
  assert.deepEqual(plan.map(({ ask }) => ask), [true, false]);
});

Deno.test("volumes never shrink, and grow only where their class lets them", () => {
  assert.throws(() => planExpansion([claim("3Gi")], classes, "2Gi"), /to have 3Gi already/);
  for (const name of ["local-path", "unknown"]) {
    const small = claim("1Gi", "Bound", name);
    assert.throws(() => planExpansion([small], classes, "2Gi"), /allowVolumeExpansion/);
  }
  assert.throws(() => planExpansion([claim("1Gi", "Pending")], classes, "2Gi"), /no volume yet/);
});

Deno.test("setWithSize() changes one template's size, and drops only what the server sets", () => {
  const set: VolumeSet = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { namespace: "shop", name: "db", uid: "u", resourceVersion: "7", labels: { a: "b" } },
    spec: { replicas: 2, volumeClaimTemplates: [claim("1Gi"), claim("5Gi")] },
    status: { replicas: 2 },
  };
  set.spec.volumeClaimTemplates![1]!.metadata.name = "wal";
  const next = setWithSize(set, "data", "2Gi")!;
  assert.deepEqual(next.metadata, { namespace: "shop", name: "db", labels: { a: "b" } });
  assert.deepEqual(
    next.spec.volumeClaimTemplates!.map(({ spec }) => spec.resources!.requests!.storage),
    ["2Gi", "5Gi"],
  );
  assert.equal(next.spec["replicas"], 2);
  assert.equal(next["status"], undefined);
  assert.equal(setWithSize(set, "wal", "5Gi"), undefined);
  assert.throws(() => setWithSize(set, "wal", "4Gi"), /its template has more already/);
});

Deno.test("writeSize() changes one line of a platform file, the one that decides", () =>
  withFolder(async (folder) => {
    const context = testContext({ cwd: folder });
    for (
      const [name, env, sized, line] of [
        ["bareuptime", "production", {
          namespace: "bareuptime-backend",
          name: "backend-storage",
        }, "    size: 9Gi"],
        ["vikingthedev", "prod", {
          set: {
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            namespace: "homepage-prod",
            name: "postgresql",
          },
          template: "data",
        }, '    storage: { storageClass: local-path, size: "29Gi" }'],
      ] as const
    ) {
      const { text } = await readPlatformFile(name, context);
      const file = `${folder}/${name}.yaml`;
      await Deno.writeTextFile(file, text);
      const size = /\d+Gi/.exec(line)![0];
      const where = { platform: file, env };
      assert.equal(await writeSize(where, sized, size, context), "written");
      const before = text.split("\n");
      const after = (await Deno.readTextFile(file)).split("\n");
      assert.deepEqual(after.filter((each, index) => each !== before[index]), [line]);
    }
  }));

Deno.test("writeSize() leaves a file alone that says the size, or nothing of it, or with --dry-run", async () => {
  const context = testContext({ cwd: "/" });
  const where = { platform: "bareuptime", env: "production", dryRun: true };
  const sized = { namespace: "bareuptime-backend", name: "backend-storage" };
  assert.equal(await writeSize(where, sized, "1024Mi", context), "unchanged");
  assert.equal(await writeSize(where, { ...sized, name: "none" }, "2Gi", context), "not-found");
  assert.equal(await writeSize(where, sized, "2Gi", context), "written");
  assert.deepEqual(context.events.map(({ type }) => type), ["change"]);
  const { text } = await readPlatformFile("bareuptime", context);
  assert.ok(text.includes("\n    size: 1Gi\n"));
});
