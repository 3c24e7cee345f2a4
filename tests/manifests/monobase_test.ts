import assert from "node:assert/strict";
import { inventoryLabel, partOfLabel } from "../../lib/core/labels.ts";
import { keyOf, type Manifest, refOf, subjectOf } from "../../lib/core/object.ts";
import { readPlatformFile, type RenderedPlatform } from "../../lib/flows/render/render.ts";
import { loadPlatform } from "../../lib/platform/load.ts";
import { fromTemplate } from "../../lib/platform/template.ts";
import { isShared } from "../../lib/kube/ownership.ts";
import { capacityOf } from "../../lib/review/capacity/capacity.ts";
import { endName } from "../../lib/review/network/ends.ts";
import { flowMatrix } from "../../lib/review/network/matrix.ts";
import { portsText } from "../../lib/review/network/port_set.ts";
import { review } from "../../lib/review/review.ts";
import { render } from "../../manifests/components/render.ts";
import { find, namesOf } from "./find.ts";

const { text } = await readPlatformFile("monobase", { cwd: Deno.cwd() });

function rendered(text: string, environment: string): RenderedPlatform {
  const platform = loadPlatform(text, { file: "platform.yaml", environment });
  return { platform, manifests: render(platform) };
}

/** The platform of a client, as `deno task new` writes it. */
function clientText(name: string): string {
  return fromTemplate(text, { name, domain: `${name}.com`, environments: ["prod", "staging"] });
}

const prod = rendered(text, "prod");
const staging = rendered(text, "staging");
const acme = rendered(clientText("acme"), "prod");

/** All objects of several platforms on one cluster: those of the first one, and what it lacks. */
function together(...platforms: RenderedPlatform[]): Manifest[] {
  const all = platforms.flatMap(({ manifests }) => manifests);
  return [...new Map(all.toReversed().map((one) => [keyOf(refOf(one)), one])).values()];
}

/** Objects by their keys, without what tells whose they are. */
function bare({ manifests }: RenderedPlatform): Map<string, Manifest> {
  return new Map(manifests.map((manifest) => {
    const { [partOfLabel]: _, [inventoryLabel]: __, ...labels } = manifest.metadata.labels ?? {};
    const metadata = { ...manifest.metadata, labels };
    return [keyOf(refOf(manifest)), { ...manifest, metadata }];
  }));
}

Deno.test("what clients and environments of Monobase share is the same whoever brings it", () => {
  const first = bare(prod);
  for (const other of [acme, staging]) {
    const both = [...bare(other)].filter(([key]) => first.has(key));
    assert.ok(both.length > 80, `${both.length} objects are shared`);
    for (const [key, manifest] of both) {
      assert.ok(isShared(manifest), `${key} is not marked as shared`);
      assert.deepEqual(manifest, first.get(key));
    }
  }
});

Deno.test("what is a client's own has its name, or is in its namespace", () => {
  const first = bare(prod);
  const own = acme.manifests.filter((manifest) => !first.has(keyOf(refOf(manifest))));
  assert.ok(own.length > 80);
  for (const { metadata: { name, namespace }, kind } of own) {
    assert.ok(namespace === "acme-prod" || /\bacme\b/.test(name), `${kind} ${namespace}/${name}`);
  }
  assert.doesNotMatch(JSON.stringify(acme.manifests), /myclient|monobase-prod|monobase\.prod/);
});

Deno.test("a name of 24 letters is not too long for a client of Monobase", () => {
  for (const environment of ["prod", "staging"]) {
    const { manifests } = rendered(clientText("a".repeat(24)), environment);
    for (const { metadata: { name } } of manifests) assert.ok(name.length <= 253, name);
    for (const name of namesOf(manifests, "Namespace")) assert.ok(name.length <= 63, name);
  }
});

Deno.test("a client of Monobase chooses the cloud of its secrets by one word", () => {
  const sourceOf = (use: string, environment: string) => {
    const chosen = clientText("acme").replace(
      `  ${environment}: {}\n`,
      `  ${environment}: { secretStores: { secrets: { use: ${use} } } }\n`,
    );
    const { manifests } = rendered(chosen, environment);
    const { provider } = find(manifests, "SecretStore", `acme-${environment}/secrets`).spec;
    const account = find(manifests, "ServiceAccount", `acme-${environment}/secrets`);
    return [Object.keys(provider).join(), Object.keys(account.metadata.annotations!)[0]];
  };
  assert.deepEqual(sourceOf("aws", "prod"), ["aws", "eks.amazonaws.com/role-arn"]);
  assert.deepEqual(sourceOf("azure", "prod"), ["azurekv", "azure.workload.identity/client-id"]);
  assert.deepEqual(sourceOf("gcp", "prod"), ["gcpsm", "iam.gke.io/gcp-service-account"]);
});

Deno.test("each secret of a client of Monobase is read under its own name, which all three clouds allow", () => {
  const stores = acme.manifests.filter(({ kind, metadata }) =>
    kind === "ExternalSecret" && metadata.namespace === "acme-prod"
  );
  assert.ok(stores.length >= 5);
  for (const { spec } of stores as (Manifest & { spec: Spec })[]) {
    assert.deepEqual(spec.secretStoreRef, { kind: "SecretStore", name: "secrets" });
    for (const { remoteRef } of spec.data) assert.match(remoteRef.key, /^acme-prod-[a-z-]+$/);
  }
});

interface Spec {
  secretStoreRef: unknown;
  data: { remoteRef: { key: string } }[];
}

Deno.test("two clients of Monobase fit on its nodes, and still do when any one is lost", () => {
  const capacity = capacityOf(together(prod, acme), prod.platform);
  assert.deepEqual(capacity.peak.homeless, []);
  assert.deepEqual(capacity.peak.short, []);
  assert.equal(capacity.losses.length, 7);
  for (const { node, fits, homeless, short, fewerCopies, pinned } of capacity.losses) {
    assert.deepEqual(
      { fits, homeless, short, fewerCopies, pinned },
      { fits: true, homeless: [], short: [], fewerCopies: 0, pinned: [] },
      node,
    );
  }
});

/** Who may connect to whom, as `from to ports`, addresses left aside. */
function connections(manifests: readonly Manifest[], { platform }: RenderedPlatform) {
  const { allowed, ends } = flowMatrix(manifests, platform);
  const pods = allowed.filter(({ from, to }) =>
    from !== to && from.namespace !== undefined && to.namespace !== undefined
  );
  return {
    ends,
    pairs: pods.map(({ from, to, ports }) => ({
      from: endName(from),
      to: endName(to),
      ports: portsText(ports),
    })),
  };
}

Deno.test("zones of Monobase: the gateway calls programs, they call data, and nothing goes past them", () => {
  const { pairs } = connections(prod.manifests, prod);
  const into = (name: string) =>
    pairs.filter(({ to }) => to === `monobase-prod/${name}`)
      .map(({ from, ports }) => `${from} ${ports}`).sort();
  const gateway = "gateway-system/shared-gateway";
  assert.deepEqual(into("api"), [`${gateway} 7500`, "monitoring/prometheus 7500"]);
  assert.deepEqual(into("api-worker"), [`${gateway} 7500`, "monitoring/prometheus 7500"]);
  assert.deepEqual(into("account"), [`${gateway} 8080`, "monitoring/prometheus 8080"]);
  assert.deepEqual(into("postgresql"), [
    "cnpg-system/cloudnative-pg 5432, 8000",
    "monitoring/prometheus 9187",
    "monobase-prod/api 5432",
    "monobase-prod/api-worker 5432",
  ]);
  assert.deepEqual(into("valkey"), [
    "monitoring/prometheus 9121",
    "monobase-prod/api 6379",
    "monobase-prod/api-worker 6379",
  ]);
  assert.deepEqual(into("minio").filter((line) => !line.includes("minio-buckets")), [
    `${gateway} 9000`,
    "monitoring/prometheus 9000",
    "monobase-prod/api 9000",
    "monobase-prod/api-worker 9000",
  ]);
});

Deno.test("no client of Monobase may connect to another one, nor one's staging to its production", () => {
  const mixed = together(prod, acme, staging);
  const { pairs, ends } = connections(mixed, prod);
  const tenants = ["monobase-prod", "acme-prod", "monobase-staging"];
  for (const tenant of tenants) {
    assert.ok(ends.filter(({ namespace }) => namespace === tenant).length >= 3, tenant);
    assert.ok(
      pairs.some(({ from, to }) => from === `${tenant}/api` && to === `${tenant}/postgresql`),
      tenant,
    );
  }
  const of = (end: string) => tenants.indexOf(end.split("/")[0]!);
  const crossing = pairs.filter(({ from, to }) =>
    of(from) >= 0 && of(to) >= 0 && of(from) !== of(to)
  );
  assert.deepEqual(crossing, []);
});

Deno.test("nobody may connect to what is not meant for it, from one shared namespace to another", () => {
  const { pairs } = connections(prod.manifests, prod);
  const outOf = (namespace: string) =>
    new Set(
      pairs.filter(({ from, to }) =>
        from.startsWith(`${namespace}/`) && !to.startsWith(`${namespace}/`)
      ).map(({ to }) => to.split("/")[0]),
    );
  assert.deepEqual(outOf("monobase-prod"), new Set());
  assert.deepEqual(outOf("gateway-system"), new Set(["monobase-prod", "monitoring", "argocd"]));
  assert.deepEqual(outOf("argocd"), new Set());
  assert.deepEqual(outOf("velero"), new Set());
});

Deno.test("the review has nothing to say of Monobase, in any environment", () => {
  for (const { manifests, platform } of [prod, staging, acme]) {
    const { findings, idle } = review(manifests, platform);
    assert.deepEqual(findings.map(({ object, rule }) => `${rule} ${subjectOf(object)}`), []);
    assert.deepEqual(idle, []);
  }
});

Deno.test("a client of Monobase has quota for all pods that its autoscalers may ask for", () => {
  const { hard } = find(prod.manifests, "ResourceQuota", "monobase-prod/quota").spec;
  const most = prod.manifests.filter(({ kind, metadata }) =>
    kind === "HorizontalPodAutoscaler" && metadata.namespace === "monobase-prod"
  ).map((manifest) => (manifest as Manifest & { spec: { maxReplicas: number } }).spec.maxReplicas);
  const scaled = most.reduce((sum, count) => sum + count, 0);
  // Members of Postgres, servers of MinIO and Valkey at the architecture's limits, and one more of each in a rollout.
  assert.ok(Number(hard.pods) >= scaled + 5 + 16 + 1 + most.length);
  assert.equal(Number(hard.persistentvolumeclaims), 5 + 16 + 1);
});
