import assert from "node:assert/strict";
import { parseQuantity } from "../../lib/core/units.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { loadPlatform } from "../../lib/platform/load.ts";
import { capacityOf } from "../../lib/review/capacity/capacity.ts";
import { flowMatrix } from "../../lib/review/network/matrix.ts";
import { review } from "../../lib/review/review.ts";
import { render } from "../../manifests/components/render.ts";
import { find, namesOf } from "./find.ts";

const file = new URL("../../manifests/platforms/glucosync/platform.yaml", import.meta.url);
const { platform, manifests } = await renderPlatform(
  { platform: "glucosync", env: "production" },
  { cwd: Deno.cwd() },
);
const { allowed } = flowMatrix(manifests, platform);

/** Ends that may be reached from a namespace or a peer, as `namespace/name`, without those of the namespace itself. */
function reachedFrom(namespace: string): string[] {
  const reached = allowed
    .filter(({ from, to }) => from.namespace === namespace && to.namespace !== namespace)
    .map(({ to }) => to.namespace === undefined ? to.name : `${to.namespace}/${to.name}`);
  return [...new Set(reached)].sort();
}

Deno.test("GlucoSync's builds reach Woodpecker's server and the internet, and nothing else", () => {
  assert.deepEqual(reachedFrom("glucosync-builds"), [
    "glucosync-cicd/woodpecker-server",
    "internet",
  ]);
});

Deno.test("GlucoSync's admin tools each reach their own databases only", () => {
  const targets = (name: string) =>
    allowed.filter(({ from }) => from.namespace === "glucosync-admin" && from.name === name)
      .map(({ to }) => to.name).sort();
  assert.deepEqual(targets("mongo-express"), ["mongodb"]);
  assert.deepEqual(targets("redis-commander"), ["redis", "redis-sentinel"]);
  assert.deepEqual(targets("pgadmin"), ["authentik-postgres", "gitea-postgres", "mlflow-postgres"]);
});

Deno.test("nobody outside of GlucoSync's cluster reaches its databases, and its ingress neither", () => {
  const callers = allowed.filter(({ to }) => to.namespace === "glucosync-data")
    .map(({ from }) => from.namespace ?? from.name);
  const outside = ["kube-system", "internet", "anyone", "nodes", "kubernetes-api"];
  assert.deepEqual(callers.filter((caller) => outside.includes(caller)), []);
});

Deno.test("GlucoSync's databases answer no call for the internet", () => {
  assert.equal(reachedFrom("glucosync-data").includes("internet"), false);
});

Deno.test("GlucoSync fits its nodes by CPU and memory, even when a worker is lost", () => {
  const { now, peak, losses } = capacityOf(manifests, platform);
  assert.deepEqual([now.homeless, peak.homeless], [[], []]);
  const workers = losses.filter(({ node }) => node.startsWith("worker-"));
  assert.equal(workers.length, 3);
  assert.deepEqual(workers.flatMap(({ homeless }) => homeless), []);
});

Deno.test("GlucoSync's volumes, with their copies, add up to more than its disks hold", () => {
  const { volumes } = capacityOf(manifests, platform);
  const sum = (storageClass: string) =>
    volumes.filter((volume) => volume.storageClass === storageClass)
      .reduce((total, { rawBytes }) => total + rawBytes, 0);
  // MongoDB 3 × 50Gi, Redis 3 × 20Gi, Postgres 2 × (20 + 10 + 10)Gi, three copies each.
  assert.equal(sum("longhorn-database"), 3 * parseQuantity("290Gi"));
  const total = ["longhorn-database", "longhorn-application", "local-path"].map(sum)
    .reduce((one, other) => one + other);
  const disks = Object.values(platform.nodes)
    .reduce((all, { count, storage }) => all + count * parseQuantity(storage), 0);
  const promised = platform.charts.longhorn!.values.overProvisioningPercent! / 100;
  assert.ok(total > disks, "the architecture's sums fit: say so, and promise less");
  assert.ok(total < disks * promised, "Longhorn would refuse volumes");
});

Deno.test("GlucoSync goes back to ingress-nginx by ingress.controller and its chart", async () => {
  const text = (await Deno.readTextFile(file))
    .replace(
      "ingress: { controller: traefik, namespace: kube-system }",
      "ingress: { controller: nginx, namespace: ingress-nginx }",
    )
    .replace(
      "  traefik:\n    namespace: kube-system\n",
      "  ingress-nginx:\n    namespace: ingress-nginx\n",
    )
    .replace("  kube-system: { existing: true }", "$&\n  ingress-nginx: { podSecurity: baseline }")
    .replace("      traefik: {}\n", "      ingress-nginx: {}\n");
  const changed = loadPlatform(text, { file: file.pathname, environment: "production" });
  const objects = render(changed);
  assert.deepEqual(namesOf(objects, "IngressRoute"), []);
  assert.equal(namesOf(objects, "HelmChart").includes("kube-system/ingress-nginx"), true);
  const hosts = namesOf(objects, "Ingress").flatMap((name) =>
    find(objects, "Ingress", name).spec.rules.map(({ host }: { host: string }) => host)
  );
  for (const { hosts: wanted } of Object.values(platform.routes)) {
    for (const host of wanted) assert.ok(hosts.includes(host), `no Ingress has ${host}`);
  }
  const errors = review(objects, changed).findings
    .filter(({ rule, severity }) => severity === "error" && rule !== "unsealed-secret");
  assert.deepEqual(errors, []);
});
