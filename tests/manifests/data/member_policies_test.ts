import assert from "node:assert/strict";
import type { Platform } from "../../../lib/platform/types.ts";
import { memberPolicies } from "../../../manifests/components/data/member_policies.ts";
import {
  sampleMinio,
  sampleMongodb,
  samplePostgresServer,
  sampleRedis,
  sampleZalando,
} from "../../platform/sample_data.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";
import { find } from "../find.ts";

const render = (changes: Partial<Platform>, defaultDeny = true) =>
  memberPolicies(samplePlatform({
    namespaces: { shop: { podSecurity: "baseline", defaultDeny } },
    ...changes,
  }));

Deno.test("memberPolicies() lets servers and Sentinels reach each other on both of their ports", () => {
  const { spec } = find(
    render({ redis: { cache: sampleRedis() } }),
    "NetworkPolicy",
    "shop/cache-among-members",
  );
  const pods = {
    matchLabels: { "app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": "cache" },
  };
  const ports = [{ protocol: "TCP", port: 6379 }, { protocol: "TCP", port: 26_379 }];
  assert.deepEqual(spec.podSelector, pods);
  assert.deepEqual(spec.ingress, [{ from: [{ podSelector: pods }], ports }]);
  assert.deepEqual(spec.egress, [{ to: [{ podSelector: pods }], ports }]);
});

Deno.test("memberPolicies() lets Patroni's members and the pooler reach the servers, and nobody the pooler", () => {
  const { resources } = sampleZalando();
  const pooler = { instances: 2, mode: "session" as const, resources };
  const manifests = render({ postgres: { db: sampleZalando({ pooler }) } });
  const members = find(manifests, "NetworkPolicy", "shop/db-among-members").spec;
  assert.deepEqual(
    members.ingress[0].from.map((
      peer: { podSelector: { matchLabels: Record<string, string> } },
    ) => peer.podSelector.matchLabels["application"]),
    ["spilo", "db-connection-pooler"],
  );
  assert.deepEqual(
    members.ingress[0].ports.map(({ port }: { port: number }) => port),
    [5432, 8008],
  );
  const own = find(manifests, "NetworkPolicy", "shop/db-pooler-to-members").spec;
  assert.deepEqual(own.policyTypes, ["Egress"]);
});

Deno.test("memberPolicies() has none for a single server, nor where nothing is denied", () => {
  assert.deepEqual(render({ postgres: { db: samplePostgresServer() } }), []);
  const all = { mongodb: { a: sampleMongodb() }, minio: { b: sampleMinio() } };
  assert.equal(render(all).length, 2);
  assert.deepEqual(render(all, false), []);
});
