import { deepEqual, throws } from "node:assert/strict";
import { type ServiceChoice, serviceTarget } from "../../../lib/flows/postgres/service_target.ts";
import { sampleCnpg, samplePostgresServer, sampleZalando } from "../../platform/sample_data.ts";
import { samplePlatform } from "../../platform/sample_platform.ts";

const platform = samplePlatform({
  postgres: {
    own: samplePostgresServer({ namespace: "shop" }),
    tls: samplePostgresServer({ namespace: "shop", tls: { secret: "own-tls" } }),
    zalando: sampleZalando({ namespace: "data" }),
    cnpg: sampleCnpg({ namespace: "data" }),
  },
  externalServices: {
    outside: { namespace: "shop", addresses: ["10.0.0.1"], ports: { sql: 6432 } },
  },
});

function found(choice: ServiceChoice, variables: Record<string, string> = {}) {
  const { target, files } = serviceTarget(platform, choice, {
    env: (name) => variables[name],
    cwd: "/work",
  });
  return { at: `${target.host}:${target.port}`, mode: target.tls.mode, files };
}

Deno.test("serviceTarget() names the Service that takes writes, and as much TLS as its server has", () => {
  const files = {};
  deepEqual(
    ["own", "tls", "zalando", "cnpg"].map((name) => found({ section: "postgres", name })),
    [
      { at: "own.shop.svc:5432", mode: "disable", files },
      { at: "tls.shop.svc:5432", mode: "verify-full", files },
      { at: "zalando.data.svc:5432", mode: "require", files },
      { at: "cnpg-rw.data.svc:5432", mode: "verify-full", files },
    ],
  );
  deepEqual(found({ section: "externalServices", name: "outside" }), {
    at: "outside.shop.svc:6432",
    mode: "verify-full",
    files,
  });
});

Deno.test("serviceTarget() leaves the namespace out where the job is in it, as certificates do", () => {
  deepEqual(found({ section: "postgres", name: "tls", from: "shop" }).at, "tls:5432");
  deepEqual(found({ section: "postgres", name: "tls", from: "other" }).at, "tls.shop.svc:5432");
});

Deno.test("serviceTarget() takes certificates from libpq's variables, and refuses modes that others can turn off", () => {
  const choice = { section: "postgres", name: "tls" } as const;
  const variables = { PGSSLMODE: "verify-ca", PGSSLROOTCERT: "ca.crt", PGSSLKEY: "/tls/key" };
  deepEqual(found(choice, variables), {
    at: "tls.shop.svc:5432",
    mode: "verify-ca",
    files: { sslrootcert: "/work/ca.crt", sslkey: "/tls/key" },
  });
  throws(() => found(choice, { PGSSLMODE: "prefer" }), { message: /PGSSLMODE prefer, wanted/ });
});
