import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import { keyOf, type Manifest, type ObjectRef, refOf } from "../../lib/core/object.ts";
import { renderPlatform } from "../../lib/flows/render/render.ts";
import { endName } from "../../lib/review/network/ends.ts";
import { flowMatrix } from "../../lib/review/network/matrix.ts";
import { adminWrites, parseAudit, requestText } from "./audit.ts";
import { type Ground, withGround } from "./ground.ts";
import { bringUp, changesOf, nothing, succeeded } from "./platform_steps.ts";

const first = ["--platform", "monobase", "--env", "prod"];

Deno.test("a client made from Monobase's template lives beside the template's own", async (t) => {
  await withGround(async (ground) => {
    const file = `${ground.stateHome}/acme.yaml`;
    const acme = ["--platform", file, "--env", "prod"];
    let before: Map<string, State>;

    const created = await bringUp(t, "monobase", ground);

    await t.step("the first client has come up with all that is shared", async () => {
      assert.ok(created.get("staging")! + created.get("prod")! > 200, `${[...created]}`);
      before = await statesOf(ground, await refsOf("monobase"));
    });

    await t.step(
      "`new` writes the platform file of another client, which comes up without a change",
      async () => {
        const client = ["--client", "acme", "--env", "prod"];
        succeeded(await ground.run(["new", "--from", "monobase", ...client, "--out", file]));
        const seen = (await auditOf(ground)).length;
        const { created, configured, pruned, conflicted, failed } = await changesIn(
          ground,
          ["bootstrap", ...acme],
        );
        assert.ok(created > 80, `${created} objects`);
        assert.deepEqual([configured, pruned, conflicted, failed], [0, 0, 0, 0]);
        const written = adminWrites((await auditOf(ground)).slice(seen)).map(requestText);
        assert.ok(written.includes("patch listenersets acme-prod/acme-prod"), written.join("\n"));
        assert.deepEqual(written.filter((request) => !/\bacme\b/.test(request)), []);
      },
    );

    await t.step(
      "its second run writes nothing, and neither does another one of the first client",
      async () => {
        assert.deepEqual(await changesIn(ground, ["bootstrap", ...acme]), nothing);
        assert.deepEqual(await changesIn(ground, ["bootstrap", ...first]), nothing);
      },
    );

    await t.step(
      "no object of the first client, and none that is shared, has changed",
      async () => {
        assert.deepEqual(await statesOf(ground, await refsOf("monobase")), before);
      },
    );

    await t.step("no pod of one client may connect to a pod of the other", async () => {
      const { platform, manifests } = await renderPlatform({ platform: "monobase", env: "prod" }, {
        cwd: Deno.cwd(),
      });
      const other = await renderPlatform({ platform: file }, { cwd: Deno.cwd() });
      const all = [...manifests, ...other.manifests];
      // The policies that the cluster has, and the pods that the platforms describe.
      const live = await ground.asAdmin((client) =>
        client.list({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" })
      );
      const policies = live.items.map((policy): Manifest => ({
        ...policy,
        // Items of a list do not say what they are.
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
      }));
      const described = all.filter(({ kind }, index) =>
        kind !== "NetworkPolicy" && isFirst(all, index)
      );
      const { allowed } = flowMatrix([...described, ...policies], platform);
      const pairs = allowed.map(({ from, to }) => `${endName(from)} ${endName(to)}`);
      for (const namespace of ["monobase-prod", "acme-prod"]) {
        const own = `${namespace}/api ${namespace}/postgresql`;
        assert.ok(pairs.includes(own), `${own} is not allowed: ${pairs.join("\n")}`);
      }
      const crossing = /^(monobase-prod\/\S+ acme-prod\/|acme-prod\/\S+ monobase-prod\/)/;
      assert.deepEqual(pairs.filter((pair) => crossing.test(pair)), []);
    });

    await t.step(
      "neither client can take a host of the other",
      () =>
        ground.asAdmin(async (client) => {
          await client.apply(route("acme-prod", "shop.acme.com"), { dryRun: true });
          for (
            const [namespace, host] of [
              ["acme-prod", "api.myclient.com"],
              ["acme-prod", "*.myclient.com"],
              ["monobase-prod", "api.acme.com"],
              ["acme-prod", "grafana.monobase.example"],
              ["monitoring", "api.acme.com"],
            ] as const
          ) {
            await assert.rejects(
              client.apply(route(namespace, host), { dryRun: true }),
              new RegExp(`the domain of namespace ${namespace}`),
              `${host} in ${namespace}`,
            );
          }
          await assert.rejects(
            client.patch(refOf(route("acme-prod", "", "api")), {
              spec: { hostnames: ["api.myclient.com"] },
            }),
            /must be acme\.com or a name below it/,
          );
        }),
    );

    await t.step(
      "a client has its quota, and can have no more",
      () =>
        ground.asAdmin(async (client) => {
          const claim = claimOf("acme-prod", "400Gi");
          await assert.rejects(client.apply(claim, { dryRun: true }), /exceeded quota/);
          await client.apply(claimOf("acme-prod", "1Gi"), { dryRun: true });
        }),
    );

    await t.step("destroying the second client leaves the first one whole", async () => {
      const seen = (await auditOf(ground)).length;
      succeeded(await ground.run(["destroy", ...acme, "--prune-data", "--yes", "--json"]));
      const written = adminWrites((await auditOf(ground)).slice(seen)).map(requestText);
      assert.deepEqual(written.filter((request) => !/\bacme\b/.test(request)), []);
      assert.deepEqual(await statesOf(ground, await refsOf("monobase")), before);
      succeeded(await ground.run(["status", ...first]));
      assert.deepEqual(await changesIn(ground, ["bootstrap", ...first]), nothing);
      const namespaces = await ground.asAdmin((client) =>
        client.list({ apiVersion: "v1", kind: "Namespace" })
      );
      const names = namespaces.items.map(({ metadata }) => metadata.name);
      assert.ok(names.includes("monobase-prod") && !names.includes("acme-prod"), names.join());
    });
  });
});

/** How an object is, as far as only who describes it decides. */
interface State {
  uid: string;
  generation: number | undefined;
  spec: unknown;
  data: unknown;
}

async function refsOf(platform: string): Promise<ObjectRef[]> {
  const { manifests } = await renderPlatform({ platform, env: "prod" }, { cwd: Deno.cwd() });
  return manifests.map(refOf);
}

/** The objects of a platform as the cluster has them; what controllers write is left out. */
function statesOf({ asAdmin }: Ground, refs: readonly ObjectRef[]): Promise<Map<string, State>> {
  return asAdmin(async (client) =>
    new Map(
      await Promise.all(refs.map(async (ref) => [keyOf(ref), await stateOf(client, ref)] as const)),
    )
  );
}

async function stateOf(client: ClusterClient, ref: ObjectRef): Promise<State> {
  const object = await client.get(ref);
  assert.ok(object !== undefined, `${keyOf(ref)} is gone`);
  const { uid, generation } = object.metadata;
  return { uid: uid!, generation, spec: object["spec"], data: object["data"] };
}

function isFirst(all: readonly Manifest[], index: number): boolean {
  const key = keyOf(refOf(all[index]!));
  return all.findIndex((one) => keyOf(refOf(one)) === key) === index;
}

async function changesIn({ run }: Ground, task: readonly string[]) {
  return changesOf(await run([...task, "--json"]));
}

async function auditOf({ folderOf }: Ground) {
  return parseAudit(await Deno.readTextFile(`${folderOf()}/logs/audit.log`));
}

function route(namespace: string, host: string, name = "taker"): Manifest {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: { hostnames: [host], rules: [{ backendRefs: [{ name: "api", port: 7500 }] }] },
  };
}

function claimOf(namespace: string, storage: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "more", namespace },
    spec: {
      storageClassName: "longhorn-encrypted",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage } },
    },
  };
}
