/** Plan and apply the manifests of a file, as the apply task does: `apply_manifests.ts KUBECONFIG FILE INVENTORY`. */
import { parseAllDocuments } from "yaml";
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
};
const manifests = parseAllDocuments(await Deno.readTextFile(file)).map((document) =>
  document.toJS() as Manifest
);
const { client } = await connect({ kubeconfig }, context);
const { writes } = await underLease(client, id, context, async (held) => {
  const inventory = await readInventory(client, id, held);
  return await applyPlan(
    client,
    await planDeploy(client, manifests, { inventory, signal: held.signal }),
    held,
  );
});
client.close();
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify({ writes })}\n`));
