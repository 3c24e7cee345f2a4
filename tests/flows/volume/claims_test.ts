import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { claimNamed, claimsMeant, readClaim } from "../../../lib/flows/volume/claims.ts";
import { throughPod, toolboxOf } from "../../../lib/flows/volume/through.ts";
import { renderPlatform } from "../../../lib/flows/render/render.ts";
import { createFakeClient } from "../../kube/fake_client.ts";

const { signal } = new AbortController();
const { platform } = await renderPlatform(
  { platform: "bareuptime", env: "production" },
  { cwd: "/" },
);

function claim(name: string, more: Record<string, unknown> = {}) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { namespace: "bareuptime-backend", name },
    spec: {},
    ...more,
  };
}

Deno.test("a claim is named by its namespace, or as the platform names its volume", () => {
  const wanted = { namespace: "bareuptime-backend", name: "backend-storage" };
  for (
    const text of [
      "backend-storage",
      "volumes/backend-storage",
      "bareuptime-backend/backend-storage",
    ]
  ) assert.deepEqual(claimNamed(text, platform), wanted);
  assert.throws(
    () => claimNamed("backend-storge", platform),
    (error) => error instanceof UsageError && error.remedy === "did you mean backend-storage?",
  );
  assert.throws(() => claimNamed("uploads", undefined), /wanted namespace\/claim/);
});

Deno.test("a job that covers a StatefulSet means the claims of all its pods, and of no other set", async () => {
  const names = [
    "data-vault-0",
    "data-vault-1",
    "audit-vault-0",
    "data-vault-2-0",
    "vault",
    "data-my-vault-0",
  ];
  const client = createFakeClient(
    names.map((name) => ({ ...claim(name), metadata: { namespace: "vault", name } })),
  );
  const covers = [{ section: "vaults", name: "vault", claim: "data" }];
  const found = await claimsMeant(client, [], { platform, covers }, signal);
  assert.deepEqual(found.map(({ name }) => name), ["data-vault-0", "data-vault-1"]);
  await assert.rejects(claimsMeant(client, [], { platform }, signal), /no claim is named/);
});

Deno.test("claims that are not there, or have no files, are told", async () => {
  const client = createFakeClient([claim("disk", { spec: { volumeMode: "Block" } })]);
  const namespace = "bareuptime-backend";
  await assert.rejects(readClaim(client, { namespace, name: "gone" }, signal), /There is no/);
  await assert.rejects(readClaim(client, { namespace, name: "disk" }, signal), /block device/);
});

Deno.test("a pod is read through where its container has the whole volume", async () => {
  const pod = (name: string, subPath?: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "shop", name },
    spec: {
      containers: [{ name: "sidecar" }, {
        name: "app",
        volumeMounts: [{ name: "files", mountPath: "/srv", ...subPath && { subPath } }],
      }],
      volumes: [{ name: "files", persistentVolumeClaim: { claimName: "uploads" } }],
    },
    status: { phase: "Running" },
  });
  const client = createFakeClient([pod("app-0"), pod("app-1", "part")]);
  const uploads = { namespace: "shop", name: "uploads" };
  assert.deepEqual(await throughPod(client, uploads, { pod: "app-0" }, signal), {
    pod: { namespace: "shop", name: "app-0", container: "app" },
    folder: "/srv",
  });
  const through = (request: { pod: string; container?: string }) =>
    throughPod(client, uploads, request, signal);
  await assert.rejects(through({ pod: "app-1" }), /have only parts of it/);
  await assert.rejects(through({ pod: "app-0", container: "sidecar" }), /no such container/);
  await assert.rejects(through({ pod: "db-0" }), /pods that have it are app-0, app-1/);
});

Deno.test("a helper's image is the named one, else the platform's, else none is guessed", () => {
  assert.equal(toolboxOf({ image: "mine:1" }, platform).image, "mine:1");
  assert.equal(toolboxOf({}, platform).image, platform.backups!.image);
  assert.throws(() => toolboxOf({}, undefined), UsageError);
});
