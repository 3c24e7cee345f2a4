import assert from "node:assert/strict";
import { parseQuantity } from "../../lib/core/units.ts";
import { type RenderedPlatform, renderPlatform } from "../../lib/flows/render/render.ts";
import { capacityOf } from "../../lib/review/capacity/capacity.ts";
import { flowMatrix } from "../../lib/review/network/matrix.ts";
import { find } from "./find.ts";

const rendered = (env: string) =>
  renderPlatform({ platform: "vikingthedev", env }, { cwd: Deno.cwd() });
const prod = await rendered("prod");
const dev = await rendered("dev");
const { allowed } = flowMatrix(prod.manifests, prod.platform);

const reachedBy = (name: string) =>
  [...new Set(allowed.filter(({ from }) => from.name === name).map(({ to }) => to.name))].sort();
/** Without the checksum at the end of the name of a Job. */
const callersOf = (name: string) =>
  [
    ...new Set(
      allowed.filter(({ to }) => to.name === name)
        .map(({ from }) => from.name.replace(/-[0-9a-f]{8}$/, "")),
    ),
  ].sort();

const publicNetwork = ["ingress", "frontend", "oauth2-proxy"];
const dataNetwork = ["postgresql", "valkey", "minio", "vault", "vault-bootstrap"];

Deno.test("VikingTheDev's public network reaches the application network, and nothing behind it", () => {
  assert.deepEqual(publicNetwork.map(reachedBy), [
    ["backend", "frontend", "oauth2-proxy"],
    [],
    ["grafana", "internet"],
  ]);
});

Deno.test("VikingTheDev's stores answer the application network, agents, operators and backups alone", () => {
  assert.deepEqual(Object.fromEntries(dataNetwork.map((name) => [name, callersOf(name)])), {
    postgresql: ["backend", "backup-postgres", "backup-postgres-offsite", "prometheus"],
    valkey: ["backend", "prometheus"],
    minio: ["backup-postgres", "minio", "minio-buckets", "prometheus"],
    vault: ["backend", "backup-vault", "cert-manager", "external-secrets", "postgresql"],
    "vault-bootstrap": ["backup-vault", "vault"],
  });
});

Deno.test("VikingTheDev's data network does not reach the internet, but for its backups", () => {
  const callers = callersOf("internet");
  assert.deepEqual(dataNetwork.filter((name) => callers.includes(name)), []);
});

/** The row of the bootstrap Vault, which is outside of the cluster. */
const bootstrap = {
  requests: { cpu: "250m", memory: "512Mi" },
  limits: { cpu: "500m", memory: "1Gi" },
};

/** Requests and limits of what the architecture's table has rows for, in cores and bytes. */
function tableOf({ manifests }: RenderedPlatform, env: string, replicas: Record<string, number>) {
  const container = (kind: string, name: string) =>
    find(manifests, kind, name).spec.template.spec.containers[0].resources;
  const rows = [
    [bootstrap, 1],
    [container("StatefulSet", `vault-${env}/vault`), 1],
    [container("StatefulSet", `homepage-${env}/postgresql`), 1],
    [container("Deployment", `homepage-${env}/valkey`), 1],
    [container("Deployment", `homepage-${env}/backend`), replicas["backend"]],
    [container("Deployment", `homepage-${env}/frontend`), replicas["frontend"]],
    [container("StatefulSet", `homepage-${env}/minio`), 1],
    [find(manifests, "Prometheus", `monitoring-${env}/prometheus`).spec.resources, 1],
    [container("Deployment", `monitoring-${env}/grafana`), 1],
    [container("Deployment", `monitoring-${env}/oauth2-proxy`), replicas["oauth2-proxy"]],
  ];
  const sum = (kind: "requests" | "limits", unit: "cpu" | "memory") =>
    rows.reduce((all, [each, pods]) => all + pods * parseQuantity(each[kind][unit]), 0);
  const cores = (kind: "requests" | "limits") => Math.round(sum(kind, "cpu") * 1000) / 1000;
  const gibibytes = (kind: "requests" | "limits") => sum(kind, "memory") / parseQuantity("1Gi");
  return [cores("requests"), cores("limits"), gibibytes("requests"), gibibytes("limits")];
}

Deno.test("VikingTheDev's table adds up to 5.95 and 11.9 cores, and 15 and 30 GiB, not to its TOTAL", () => {
  const inProd = tableOf(prod, "prod", { backend: 3, frontend: 3, "oauth2-proxy": 2 });
  assert.deepEqual(inProd, [5.95, 11.9, 15, 30]);
  const inDev = tableOf(dev, "dev", { backend: 1, frontend: 1, "oauth2-proxy": 1 });
  const both = inProd.map((amount, index) => Math.round((amount + inDev[index]!) * 10) / 10);
  assert.deepEqual(both, [10.3, 20.6, 27.4, 54.8]);
});

Deno.test("VikingTheDev's two environments fit the VPS together, with all that the table leaves out", () => {
  const [inProd, inDev] = [prod, dev].map(({ manifests, platform }) =>
    capacityOf(manifests, platform)
  );
  const { available } = inProd!;
  // What both share is counted twice here, and yet there is room.
  assert.ok(inProd!.most.requests.cpu + inDev!.most.requests.cpu <= available.cpu);
  assert.ok(inProd!.most.requests.memory + inDev!.most.requests.memory <= available.memory);
});

Deno.test("VikingTheDev's environments bring the same of what they share, and nothing else twice", () => {
  const own = /inventory|environment/;
  const comparable = ({ manifests }: RenderedPlatform) =>
    new Map(manifests.map(({ metadata, ...rest }) => {
      const { labels = {}, annotations: _, ...name } = metadata;
      const common = Object.entries(labels).filter(([key]) => !own.test(key));
      return [`${rest.kind} ${name.namespace}/${name.name}`, { ...rest, name, common }];
    }));
  const [inProd, inDev] = [comparable(prod), comparable(dev)];
  const twice = [...inDev.keys()].filter((name) => inProd.has(name));
  assert.ok(twice.length > 20);
  for (const name of twice) assert.deepEqual(inDev.get(name), inProd.get(name));
  const places = new Set(twice.map((name) => name.split(" ")[1]!.split("/")[0]));
  assert.deepEqual([...places].sort(), [
    "argocd",
    "cert-manager",
    "external-secrets-system",
    "kube-system",
    "prometheus-operator",
    "undefined",
    "vault-injector",
  ]);
});

Deno.test("VikingTheDev's agents write whole certificates, a line for each of their ends", () => {
  const annotations = find(prod.manifests, "Deployment", "homepage-prod/backend").spec.template
    .metadata.annotations;
  const template: string = annotations["vault.hashicorp.com/agent-inject-template-tls.crt"];
  assert.match(template, /\.Data\.certificate \}\}\n\{\{ \.Data\.issuing_ca \}\}/);
});
