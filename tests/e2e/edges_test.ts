import assert from "node:assert/strict";
import { sampleEdgesFile } from "../manifests/edges/sample_edges.ts";
import { type Ground, withGround } from "./ground.ts";
import { summaryOf } from "./task.ts";

/** Kinds that only one of the controllers reads. */
const kindsOf = {
  traefik: ["IngressRoute", "IngressRouteTCP", "Middleware", "TLSOption"],
  nginx: ["Ingress"],
  "envoy-gateway": [
    "BackendTrafficPolicy",
    "ClientTrafficPolicy",
    "EnvoyProxy",
    "Gateway",
    "GatewayClass",
    "HTTPRoute",
    "ListenerSet",
    "ReferenceGrant",
    "SecurityPolicy",
    "TLSRoute",
  ],
} as const;

Deno.test("one word changes the ingress controller of a running platform, and nothing of the last is left", async (t) => {
  await withGround(async (ground) => {
    for (const controller of ["nginx", "traefik", "envoy-gateway"] as const) {
      await t.step(`all that ${controller} reads is admitted`, async () => {
        const created = await bootstrap(ground, controller);
        assert.deepEqual(edgeKinds(created), [...kindsOf[controller]]);
      });
    }
    await t.step("a second run changes nothing", async () => {
      assert.deepEqual(await bootstrap(ground, "envoy-gateway"), []);
    });
    await t.step("back at nginx, what Envoy Gateway read is gone", async () => {
      await bootstrap(ground, "nginx");
      await ground.asAdmin(async (client) => {
        for (const kind of ["HTTPRoute", "ListenerSet", "Gateway"]) {
          const { items } = await client.list({
            apiVersion: "gateway.networking.k8s.io/v1",
            kind,
          });
          assert.deepEqual(items.map(({ metadata }) => metadata.name), [], kind);
        }
      });
    });
  });
});

/** Bring the platform up with a controller. Gives the kinds of what was created for it. */
async function bootstrap(
  { run, stateHome }: Ground,
  controller: keyof typeof kindsOf,
): Promise<string[]> {
  const file = `${stateHome}/edges.yaml`;
  await Deno.writeTextFile(file, sampleEdgesFile(controller));
  const outcome = await run(["bootstrap", "--platform", file, "--json"]);
  assert.equal(outcome.code, 0, outcome.stderr + outcome.stdout.slice(-2_000));
  assert.equal(summaryOf(outcome)["failed"], 0);
  return outcome.lines
    .filter(({ type, action }) => type === "change" && action === "created")
    .map(({ subject }) => String(subject).split(" ")[0]!);
}

function edgeKinds(created: readonly string[]): string[] {
  const known: string[] = Object.values(kindsOf).flat();
  return [...new Set(created.filter((kind) => known.includes(kind)))].sort();
}
