import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { managedByLabel, systemNamespace } from "../../lib/core/labels.ts";
import { keyOf, refOf, subjectOf } from "../../lib/core/object.ts";
import { inventoryRef, readInventory } from "../../lib/kube/inventory.ts";
import { diff } from "../../lib/flows/deploy.ts";
import { destroy } from "../../lib/flows/destroy.ts";
import { waitUntilGone } from "../../lib/kube/wait/gone.ts";
import { componentNames } from "../../lib/local/components.ts";
import { type Ground, withGround } from "./ground.ts";
import type { JsonLine } from "./task.ts";

const inventory = "bareuptime.production";
const request = { platform: "bareuptime" };

/** Kinds that may hold what a bootstrap of BareUptime makes. */
const kinds = [
  ["v1", "Namespace"],
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["v1", "PersistentVolumeClaim"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["batch/v1", "CronJob"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["policy/v1", "PodDisruptionBudget"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["storage.k8s.io/v1", "StorageClass"],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
  ["discovery.k8s.io/v1", "EndpointSlice"],
  ["traefik.io/v1alpha1", "IngressRoute"],
  ["traefik.io/v1alpha1", "Middleware"],
  ["cert-manager.io/v1", "Certificate"],
  ["external-secrets.io/v1", "ExternalSecret"],
  ["argoproj.io/v1alpha1", "Application"],
] as const;

/** What a re-run after a kill has to bring about. */
async function assertConverged(ground: Ground, point: string): Promise<void> {
  const again = await ground.run(["bootstrap", "--json"]);
  assert.equal(again.code, 0, `${point}: the re-run failed: ${again.stderr}`);
  const differences: string[] = [];
  const code = await diff(request, {
    ...ground.context,
    emit(event) {
      if (event.type === "change" && event.action !== "unchanged") differences.push(event.subject);
    },
  });
  assert.deepEqual({ code, differences }, { code: 0, differences: [] }, point);
  assert.deepEqual(await ground.asAdmin(leaksOf), [], point);
  const running = Object.keys(await ground.pidsOf());
  assert.deepEqual(running.sort(), componentNames.toSorted(), point);
}

/** Objects of ours that the inventory does not name, and locks that nobody holds. What controllers made of ours has an owner. */
async function leaksOf(client: ClusterClient): Promise<string[]> {
  const { objects } = await readInventory(client, inventory);
  const own = [inventoryRef(inventory), {
    apiVersion: "v1",
    kind: "Namespace",
    name: systemNamespace,
  }];
  const known = new Set([...objects, ...own].map(keyOf));
  const leaks: string[] = [];
  for (const [apiVersion, kind] of kinds) {
    const ours = await client.list({
      apiVersion,
      kind,
      labelSelector: `${managedByLabel}=slipway`,
    });
    leaks.push(
      ...ours.items.filter(({ metadata }) => metadata.ownerReferences === undefined)
        .map(refOf).filter((ref) => !known.has(keyOf(ref))).map(subjectOf),
    );
  }
  const leases = await client.list({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    namespace: systemNamespace,
  });
  return [...leaks, ...leases.items.map((lease) => subjectOf(refOf(lease)))];
}

/** A moment of a bootstrap, and how to tell it from the lines that the run prints. */
interface Boundary {
  name: string;
  /** Whether the cluster is still coming up. */
  isStart: boolean;
  /** A predicate for the lines of one run, in order; true at the boundary. */
  matcher: () => (line: JsonLine) => boolean;
}

/** The boundaries of a recorded run: between all stages, and at every 12th of so many objects written. */
function boundariesOf(lines: readonly JsonLine[], writes: number): Boundary[] {
  // Before the control plane is started nothing is done that a kill could leave half done.
  const stages = lines.filter((line) => line.type === "stage" && line["state"] !== "progress")
    .filter(({ stage }) => !String(stage).startsWith("Render "))
    .slice(0, -1)
    // Nothing is done between the end of a stage and the start of the next one: one of the two is enough.
    .filter(({ state }, index, all) => state !== "done" || all[index + 1]?.["state"] !== "started");
  const firstOfDeploy = stages.findIndex(({ stage }) =>
    stage === "Get the definitions of custom resources"
  );
  return [
    ...stages.map(({ stage, state }, index): Boundary => ({
      name: `${stage} ${state}`,
      isStart: index < firstOfDeploy,
      matcher: () => (line) => line["stage"] === stage && line["state"] === state,
    })),
    ...Array.from({ length: Math.ceil(writes / 12) }, (_, index): Boundary => ({
      name: `object ${index * 12 + 1} written`,
      isStart: false,
      matcher() {
        let count = 0;
        return (line) => isWrite(line) && ++count === index * 12 + 1;
      },
    })),
  ];
}

function isWrite(line: JsonLine): boolean {
  return line.type === "change" && line["phase"] === "apply";
}

/** Run a bootstrap that is killed at a boundary. */
async function killAt(ground: Ground, { matcher }: Boundary): Promise<void> {
  const killed = await ground.run(["bootstrap", "--json"], { killWhen: matcher() });
  assert.equal(killed.code, 137, `it ended before it was killed: ${killed.stderr}`);
}

/** Take away what a bootstrap made; namespaces, claims and definitions only where the boundary is about them, as they take long to go. */
async function clear(ground: Ground, boundary: Boundary): Promise<void> {
  const pruneData = boundary.name.startsWith("Apply namespaces and definitions");
  assert.equal(await destroy({ ...request, pruneData }, ground.context), 0);
  if (!pruneData) return;
  await ground.asAdmin(async (client) => {
    const query = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
    const definitions = (await client.list(query)).items.map(refOf);
    for (const definition of definitions) await client.delete(definition);
    const gone = await waitUntilGone(client, definitions, { ...ground.context, timeoutMs: 30_000 });
    assert.equal(gone.outcome, "done");
  });
}

Deno.test("a bootstrap that is killed at any boundary converges with one re-run, and leaks nothing", async (t) => {
  let boundaries: Boundary[] = [];
  await withGround(async (ground) => {
    const whole = await ground.run(["bootstrap", "--json"]);
    assert.equal(whole.code, 0, whole.stderr);
    // What clear() leaves is not written again.
    assert.equal(await destroy(request, ground.context), 0);
    const rest = await ground.run(["bootstrap", "--json"]);
    assert.equal(rest.code, 0, rest.stderr);
    boundaries = boundariesOf(whole.lines, rest.lines.filter(isWrite).length);
    assert.ok(boundaries.length >= 20, `${boundaries.length} boundaries`);
    for (const boundary of boundaries.filter(({ isStart }) => !isStart)) {
      await t.step(`killed at "${boundary.name}"`, async () => {
        await clear(ground, boundary);
        await killAt(ground, boundary);
        await assertConverged(ground, boundary.name);
      });
    }
  });
  // While the cluster itself comes up, each kill needs a cluster that was never there.
  for (const boundary of boundaries.filter(({ isStart }) => isStart)) {
    await t.step(`killed at "${boundary.name}"`, async () => {
      await withGround(async (ground) => {
        await killAt(ground, boundary);
        await assertConverged(ground, boundary.name);
      });
    });
  }
});
