import { vault as vaultObjects } from "../../../manifests/components/secrets/vault.ts";
import type { Context } from "../../core/context.ts";
import { inventoryId } from "../../core/labels.ts";
import { keyOf, type Manifest, refOf } from "../../core/object.ts";
import { step } from "../../core/steps.ts";
import { applyPlan } from "../../kube/apply.ts";
import { readInventory } from "../../kube/inventory.ts";
import { type Change, type Plan, planDeploy } from "../../kube/plan.ts";
import { vaultCaNamespaces } from "../../platform/vault_clients.ts";
import { isInCluster } from "../../platform/vaults.ts";
import type { RenderedPlatform } from "../render/render.ts";
import type { Session } from "../session.ts";
import { showPlan } from "../show.ts";

/** Objects of a platform that its Vault needs to run: its own, its namespace with who may speak there, its storage. */
function ownObjects({ platform, manifests }: RenderedPlatform, name: string): Manifest[] {
  const vault = platform.vaults[name]!;
  if (!isInCluster(vault)) return [];
  const own = new Set(
    vaultObjects(name, vault, platform).map((manifest) => keyOf(refOf(manifest))),
  );
  // Clients of Vault find its authority in their own namespaces.
  const namespaces = [vault.namespace, ...vaultCaNamespaces(platform, name)];
  return manifests.filter((manifest) => {
    const { kind, metadata } = manifest;
    return own.has(keyOf(refOf(manifest))) ||
      (kind === "Namespace" && namespaces.includes(metadata.name)) ||
      (kind === "StorageClass" && metadata.name === vault.storage?.storageClass) ||
      (kind === "NetworkPolicy" && metadata.namespace === vault.namespace);
  });
}

/** What would be done with the objects of a Vault; whatever else is on record stays there. */
export async function planOwnObjects(
  session: Session,
  rendered: RenderedPlatform,
  name: string,
  { signal }: Pick<Context, "signal">,
): Promise<Plan> {
  const wanted = ownObjects(rendered, name);
  const keys = new Set(wanted.map((manifest) => keyOf(refOf(manifest))));
  const inventory = await readInventory(session.client, inventoryId(rendered.platform), { signal });
  const isOwn = (ref: Parameters<typeof keyOf>[0]) => keys.has(keyOf(ref));
  const plan = await planDeploy(session.client, wanted, {
    inventory: { ...inventory, objects: inventory.objects.filter(isOwn) },
    signal,
  });
  const others = inventory.objects.filter((ref) => !isOwn(ref)).map((ref): Change => ({
    ref,
    action: "kept",
    because: "it is no part of the Vault",
    diff: [],
    force: false,
    recreate: false,
    onRecord: true,
  }));
  return { inventory, changes: [...plan.changes, ...others] };
}

/** Apply the objects of a Vault, and nothing else of its platform. */
export async function applyOwnObjects(
  session: Session,
  rendered: RenderedPlatform,
  name: string,
  context: Context,
): Promise<void> {
  await step(context, `Apply the objects of ${name}`, async () => {
    const plan = await planOwnObjects(session, rendered, name, context);
    showPlan({ ...plan, changes: plan.changes.filter(isNews) }, context.emit);
    await applyPlan(session.client, plan, { ...context, emit: () => {} });
    return plan.changes.filter(isNews).length;
  }, (count) => count === 0 ? "as they should be" : `${count} written`);
}

function isNews({ action }: Change): boolean {
  return action !== "kept" && action !== "unchanged";
}
