import assert from "node:assert/strict";
import { declaredSecrets, declaredServices } from "../../lib/platform/declared.ts";
import { endsOf } from "../../lib/platform/ends.ts";
import type { Platform } from "../../lib/platform/types.ts";
import { render } from "../../manifests/components/render.ts";
import { namesOf } from "../manifests/find.ts";
import {
  sampleCnpg,
  sampleDisk,
  sampleMinio,
  sampleMongodb,
  samplePostgresServer,
  sampleRedis,
  sampleSecrets,
  sampleValkey,
  sampleZalando,
} from "./sample_data.ts";
import { samplePlatform } from "./sample_platform.ts";

const small = samplePostgresServer().resources;

function secretsOf(changes: Partial<Platform>): Record<string, readonly string[]> {
  return Object.fromEntries(
    declaredSecrets(samplePlatform(changes)).map(({ namespace, name, keys }) => [
      `${namespace}/${name}`,
      keys,
    ]),
  );
}

function servicesOf(changes: Partial<Platform>): string[] {
  return declaredServices(samplePlatform(changes)).map(({ name, ports }) =>
    `${name}:${ports.join(",")}`
  );
}

Deno.test("declaredSecrets() has what Zalando's operator makes for each user, with hyphens for underscores", () => {
  const users = { owner: { flags: [] }, read_only: { flags: [] } };
  assert.deepEqual(secretsOf({ postgres: { db: sampleZalando({ users }) } }), {
    "shop/postgres.db.credentials.postgresql.acid.zalan.do": ["username", "password"],
    "shop/standby.db.credentials.postgresql.acid.zalan.do": ["username", "password"],
    "shop/owner.db.credentials.postgresql.acid.zalan.do": ["username", "password"],
    "shop/read-only.db.credentials.postgresql.acid.zalan.do": ["username", "password"],
  });
});

Deno.test("declaredSecrets() has a Zalando user's Secret in the namespace that he is named with", () => {
  const users = { owner: { flags: [], secretNamespace: "apps" } };
  const secrets = secretsOf({ postgres: { db: sampleZalando({ users }) } });
  assert.ok("apps/apps.owner.db.credentials.postgresql.acid.zalan.do" in secrets);
});

Deno.test("declaredSecrets() has what CloudNativePG makes for the owner, and nothing for a server of our own", () => {
  const postgres = { db: sampleCnpg(), own: samplePostgresServer() };
  const secrets = secretsOf({ postgres });
  assert.deepEqual(Object.keys(secrets), ["shop/db-app"]);
  assert.ok(
    ["username", "password", "dbname", "uri"].every((key) => secrets["shop/db-app"]!.includes(key)),
  );
});

Deno.test("declaredServices() has those that operators make, poolers only where there is one", () => {
  const pooler = { instances: 2, mode: "session" as const, resources: small };
  assert.deepEqual(
    servicesOf({ postgres: { a: sampleZalando(), b: sampleCnpg({ pooler }) } }),
    ["a:5432", "a-repl:5432", "b-rw:5432", "b-ro:5432", "b-r:5432", "b-pooler:5432"],
  );
});

Deno.test("declaredServices() has each Service that is rendered for a data store", () => {
  const exporter = { image: "ghcr.io/example/exporter:1", resources: small };
  const platform = samplePlatform({
    storageClasses: sampleDisk,
    sealedSecrets: sampleSecrets(),
    postgres: { sql: samplePostgresServer({ exporter }) },
    mongodb: {
      documents: sampleMongodb({
        users: {
          metrics: { database: "admin", roles: ["clusterMonitor"], passwordKey: "password" },
        },
        exporter: { ...exporter, user: "metrics" },
      }),
    },
    redis: { cache: sampleRedis({ exporter }) },
    valkey: { sessions: sampleValkey({ exporter }) },
    minio: { objects: sampleMinio({ console: true }) },
  });
  const rendered = namesOf(render(platform), "Service").map((name) => name.split("/")[1]!);
  // Nobody asks these by their name but the members themselves.
  const own = ["sql-headless", "objects-headless"];
  assert.deepEqual(
    declaredServices(platform).map(({ name }) => name).sort(),
    rendered.filter((name) => !own.includes(name)).sort(),
  );
});

Deno.test("endsOf() finds pods of operators' clusters by the operators' own labels", () => {
  const pooler = { instances: 2, mode: "session" as const, resources: small };
  const ends = new Map(endsOf(samplePlatform({
    postgres: { a: sampleZalando({ pooler }), b: sampleCnpg({ pooler }) },
  })));
  assert.deepEqual(ends.get("a")!.podLabels, { application: "spilo", "cluster-name": "a" });
  assert.deepEqual(ends.get("a-pooler")!.podLabels, {
    application: "db-connection-pooler",
    "cluster-name": "a",
    "connection-pooler": "a-pooler",
  });
  assert.deepEqual(ends.get("b")!.podLabels, { "cnpg.io/cluster": "b" });
  assert.deepEqual(ends.get("b-pooler")!.podLabels, { "cnpg.io/poolerName": "b-pooler" });
});

Deno.test("endsOf() has a port for metrics where there is an exporter", () => {
  const exporter = { image: "ghcr.io/example/exporter:1", resources: small };
  const ends = new Map(endsOf(samplePlatform({
    redis: { watched: sampleRedis({ exporter }), silent: sampleRedis() },
  })));
  assert.deepEqual(ends.get("watched")!.ports["metrics"], { port: 9121 });
  assert.equal(ends.get("silent")!.ports["metrics"], undefined);
  assert.deepEqual(ends.get("silent")!.ports["sentinel"], { port: 26_379 });
});
