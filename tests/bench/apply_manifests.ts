/**
 * Plan and apply the objects of a file as the apply task does, under the lease and with an inventory, and
 * print what was done as JSON: `apply_manifests.ts KUBECONFIG FILE INVENTORY`.
 */
import type { Manifest } from "../../lib/core/object.ts";
import { createRedactor } from "../../lib/core/redact.ts";
import { connect } from "../../lib/flows/connect.ts";
import { underLease } from "../../lib/flows/under_lease.ts";
import { applyPlan } from "../../lib/kube/apply.ts";
import { readInventory } from "../../lib/kube/inventory.ts";
import { planDeploy } from "../../lib/kube/plan.ts";

const [kubeconfig, file, id] = Deno.args as [string, string, string];
const context = {
  emit() {},
  signal: new AbortController().signal,
  now: Temporal.Now.instant,
  random: Math.random,
  env: (name: string) => Deno.env.get(name),
  cwd: Deno.cwd(),
  redactor: createRedactor(),
  confirm: () => Promise.resolve(true),
  askSecret: () => Promise.reject(new Error("nobody is here to answer")),
};
const { items } = JSON.parse(await Deno.readTextFile(file)) as { items: Manifest[] };
const { client } = await connect({ kubeconfig }, context);
const { created, unchanged, writes } = await underLease(client, id, context, async (held) => {
  const { signal } = held;
  const inventory = await readInventory(client, id, { signal });
  const plan = await planDeploy(client, items, { inventory, signal });
  return await applyPlan(client, plan, held);
});
client.close();
console.log(JSON.stringify({ created, unchanged, writes }));
