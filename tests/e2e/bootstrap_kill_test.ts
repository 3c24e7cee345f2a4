import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { managedByLabel, systemNamespace } from "../../lib/core/labels.ts";
import { keyOf, refOf, subjectOf } from "../../lib/core/object.ts";
import { inventoryRef, readInventory } from "../../lib/kube/inventory.ts";
import { diff } from "../../lib/flows/deploy.ts";
import { destroy } from "../../lib/flows/destroy.ts";
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

/** What a re-run after a kill has to bring about; tells what the re-run said. */
async function assertConverged(ground: Ground, point: string): Promise<JsonLine[]> {
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
  return again.lines;
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

/** A moment of a bootstrap: when its output says this of a stage. */
interface Boundary {
  stage: string;
  state: string;
}

/** Stages that need a cluster which was never there. */
const freshStages = [
  "Start the control plane",
  "Ready the nodes",
  "Apply namespaces and definitions",
];
/** Stages that write nothing. */
const lookStages = ["Get the definitions of custom resources", "Compare with the cluster"];

/** How many objects a run writes before it is killed; it writes as many more until the kill arrives. */
const writesAtOnce = 12;

/** All boundaries of a recorded run, but for the end of its last stage. */
function boundariesOf(lines: readonly JsonLine[]): Boundary[] {
  // Before the control plane is started nothing is done that a kill could leave half done.
  return lines.filter((line) => line.type === "stage" && line["state"] !== "progress")
    .map((line) => ({ stage: String(line["stage"]), state: String(line["state"]) }))
    .filter(({ stage }) => !stage.startsWith("Render "))
    .slice(0, -1)
    // Nothing is done between the end of a stage and the start of the next one: one of the two is enough.
    .filter(({ state }, index, all) => state !== "done" || all[index + 1]?.state !== "started");
}

/**
 * Boundaries of a cluster that is there, at which one bootstrap after the other is killed before a re-run must converge.
 * Those before which nothing is written share one; each other stands alone.
 */
function roundsOf(boundaries: readonly Boundary[]): Boundary[][] {
  const looks = boundaries.filter(({ stage }) => lookStages.includes(stage));
  const rest = boundaries.filter(({ stage }) =>
    !freshStages.includes(stage) && !lookStages.includes(stage)
  );
  return [looks, ...rest.map((boundary) => [boundary])];
}

function isWrite(line: JsonLine): boolean {
  return line.type === "change" && line["phase"] === "apply";
}

function namesOf(round: readonly Boundary[]): string {
  return round.map(({ stage, state }) => `"${stage} ${state}"`).join(", then ");
}

/** Run bootstraps, each of which is killed at its boundary. */
async function killAtEach(ground: Ground, round: readonly Boundary[]): Promise<void> {
  for (const { stage, state } of round) {
    const killed = await ground.run(["bootstrap", "--json"], {
      killWhen: (line) => line["stage"] === stage && line["state"] === state,
    });
    assert.equal(killed.code, 137, `it ended before "${stage} ${state}": ${killed.stderr}`);
  }
}

/** Run bootstraps, each of which is killed when it has written some objects, until one has no more to write; tells how many were killed. */
async function killWhileWriting(ground: Ground): Promise<number> {
  for (let kills = 0;; kills++) {
    let writes = 0;
    const { code, stderr } = await ground.run(["bootstrap", "--json"], {
      killWhen: (line) => isWrite(line) && ++writes === writesAtOnce,
    });
    if (code === 0) return kills;
    assert.equal(code, 137, stderr);
  }
}

Deno.test("a bootstrap that is killed at any boundary converges with one re-run, and leaks nothing", async (t) => {
  await withGround(async (ground) => {
    const fresh = freshStages.map((stage) => ({ stage, state: "started" }));
    let lines: JsonLine[] = [];
    await t.step(`killed on a new cluster at ${namesOf(fresh)}`, async () => {
      await killAtEach(ground, fresh);
      lines = await assertConverged(ground, namesOf(fresh));
    });
    const boundaries = boundariesOf(lines);
    const stages = boundaries.map(({ stage }) => stage);
    assert.deepEqual(stages.filter((stage) => freshStages.includes(stage)), freshStages);
    assert.ok(boundaries.length >= 10, `${boundaries.length} boundaries`);
    for (const round of roundsOf(boundaries)) {
      await t.step(`killed at ${namesOf(round)}`, async () => {
        assert.equal(await destroy(request, ground.context), 0);
        await killAtEach(ground, round);
        await assertConverged(ground, namesOf(round));
      });
    }
    await t.step(`killed again and again after ${writesAtOnce} objects that it wrote`, async () => {
      assert.equal(await destroy(request, ground.context), 0);
      const kills = await killWhileWriting(ground);
      assert.ok(kills >= 4, `${kills} kills`);
      await assertConverged(ground, "killed again and again");
    });
  });
});
