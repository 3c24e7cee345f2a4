import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { ExitCode, SlipwayError } from "../../lib/core/errors.ts";
import { dryRun } from "../../lib/kube/dry_run.ts";
import { KindNotServed } from "../../lib/kube/client/kind_not_served.ts";
import { createFakeClient } from "./fake_client.ts";

const manifest = {
  apiVersion: "example.org/v1",
  kind: "Widget",
  metadata: { name: "web", namespace: "shop" },
};

/** The error of a dry run on a server that does not serve the kind, but these versions of its group. */
async function errorWithout(...served: string[]): Promise<SlipwayError> {
  const client: ClusterClient = {
    ...createFakeClient(),
    resourceType: () => Promise.resolve(undefined),
    get: () => Promise.reject(new KindNotServed("get Widget", "example.org/v1", "Widget", served)),
  };
  const surroundings = {
    kinds: new Map(),
    liveNamespaces: new Set(["shop"]),
    renderedNamespaces: new Set<string>(),
  };
  try {
    await dryRun(client, manifest, surroundings, { takeOver: false });
  } catch (error) {
    if (error instanceof SlipwayError) return error;
    throw error;
  }
  return assert.fail("the dry run was accepted");
}

Deno.test("dryRun() refuses a kind whose definition is neither on the cluster nor in the render", async () => {
  const error = await errorWithout();
  assert.equal(
    error.message,
    "Cannot apply Widget shop/web: neither the cluster nor the render has a definition of Widget in example.org/v1",
  );
  assert.match(error.remedy!, /^install the operator that brings it/);
  assert.equal(error.exitCode, ExitCode.failed);
});

Deno.test("dryRun() names the versions of a kind's group that are served instead", async () => {
  const error = await errorWithout("example.org/v1beta1");
  assert.match(error.message, /of this group it serves example\.org\/v1beta1$/);
  assert.match(error.remedy!, /upgrade what serves the group/);
});
