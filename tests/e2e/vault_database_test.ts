import assert from "node:assert/strict";
import { configureVault } from "../../lib/flows/vault/configure_client.ts";
import { desiredVault } from "../../lib/flows/vault/desired.ts";
import { withConnection } from "../../lib/postgres/connection.ts";
import { hasPostgresProblem } from "../../lib/postgres/errors.ts";
import { isVaultConverged } from "../../lib/vault/configure/change.ts";
import { planVault } from "../../lib/vault/configure/plan.ts";
import { readData } from "../../lib/vault/read.ts";
import { samplePlatform } from "../platform/sample_platform.ts";
import { sampleVault } from "../platform/sample_vault.ts";
import { answeringContext, withRootedVault } from "./configured_vault.ts";
import { withPostgres } from "./postgres_process.ts";

const folder = "/";

Deno.test("Vault makes users of a Postgres on demand, and rotates the password of one that exists", async (t) => {
  await withPostgres((postgres) =>
    withRootedVault(async ({ root, vault: { redactor } }) => {
      const { host, port, user, password } = postgres;
      const target = { host, port, database: "postgres", tls: { mode: "disable" as const } };
      const ask = (login: { user: string; password: string }, sql: string) =>
        withConnection(target, login, { redactor }, (connection) => connection.query(sql));
      await ask({ user, password }, "CREATE ROLE shop LOGIN PASSWORD 'as it was'");
      const platform = samplePlatform({
        vaults: {
          vault: sampleVault({
            configuration: {
              mounts: {
                secret: { type: "kv-v2" },
                database: {
                  type: "database",
                  connections: {
                    shop: {
                      url:
                        `postgresql://{{username}}:{{password}}@${host}:${port}/postgres?sslmode=disable`,
                      credentials: {
                        path: "secret/shop/vault",
                        usernameKey: "PGUSER",
                        passwordKey: "PGPASSWORD",
                      },
                      allowedRoles: ["reader", "shop"],
                    },
                  },
                  databaseRoles: {
                    reader: {
                      connection: "shop",
                      creationStatements: [
                        "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'",
                        'GRANT pg_read_all_data TO "{{name}}"',
                      ],
                      defaultTtl: "5m",
                    },
                    shop: { connection: "shop", username: "shop", rotationPeriod: "720h" },
                  },
                },
              },
              seeds: {
                "secret/shop/vault": {
                  PGUSER: { value: user },
                  PGPASSWORD: { prompt: "Password of the superuser" },
                },
              },
            },
          }),
        },
      });
      const desired = desiredVault(platform, "vault", { kubernetes: { host: "unused" } });
      const now = Temporal.Now.instant();

      await t.step(
        "without the password that is asked for, it says what lacks, and keeps the rest",
        async () => {
          const context = answeringContext({ askSecret: () => Promise.resolve("") });
          await assert.rejects(
            configureVault(root, desired, context, { folder }),
            {
              message: /database connection database\/shop .*secret\/shop\/vault lacks PGPASSWORD/,
              exitCode: 3,
            },
          );
        },
      );

      await t.step("with it, it goes on to the end, and then has nothing to do", async () => {
        const context = answeringContext({ askSecret: () => Promise.resolve(password) });
        await configureVault(root, desired, context, { folder });
        const plan = await planVault(root, desired, { now });
        assert.ok(isVaultConverged(plan), JSON.stringify(plan.changes.filter(({ act }) => act)));
        assert.ok(!JSON.stringify(context.events).includes(password));
      });

      await t.step(
        "a dynamic user reads, does not write, and is gone when its lease is",
        async () => {
          const made = await root.request<
            {
              lease_id: string;
              lease_duration: number;
              data: { username: string; password: string };
            }
          >("GET", "database/creds/reader");
          assert.equal(made!.lease_duration, 300);
          const login = { user: made!.data.username, password: made!.data.password };
          const [row] = await ask(login, "SELECT current_user AS me");
          assert.equal(row!["me"], login.user);
          await assert.rejects(ask(login, "CREATE ROLE other"), /permission denied/);
          await root.request("PUT", "sys/leases/revoke", {
            body: { lease_id: made!.lease_id, sync: true },
          });
          await assert.rejects(
            ask(login, "SELECT 1"),
            (error) => hasPostgresProblem(error, "wrong-password"),
          );
        },
      );

      await t.step("a static user has a new password, which a rotation changes again", async () => {
        const first = await readData<{ password: string }>(root, "database/static-creds/shop");
        await ask({ user: "shop", password: first!.password }, "SELECT 1");
        await assert.rejects(ask({ user: "shop", password: "as it was" }, "SELECT 1"));
        await root.request("POST", "database/rotate-role/shop");
        const second = await readData<{ password: string }>(root, "database/static-creds/shop");
        assert.notEqual(second!.password, first!.password);
        await ask({ user: "shop", password: second!.password }, "SELECT 1");
      });

      await t.step(
        "another user in KV is shown and written, another user of a static role is a conflict",
        async () => {
          await ask(
            { user, password },
            "CREATE ROLE engine LOGIN SUPERUSER PASSWORD 'engine pass'",
          );
          await root.request("POST", "secret/data/shop/vault", {
            body: { data: { PGUSER: "engine", PGPASSWORD: "engine pass" } },
          });
          const { plan } = await configureVault(root, desired, answeringContext(), { folder });
          assert.deepEqual(
            plan!.changes.filter(({ act }) => act !== undefined).map((
              { name, diff },
            ) => [name, diff]),
            [["database/shop", ["username: another one stands in secret/shop/vault"]]],
          );
          assert.ok(isVaultConverged(await planVault(root, desired, { now })));
          await ask({ user, password }, "ALTER ROLE engine PASSWORD 'another pass'");
          await root.request("POST", "database/config/shop", {
            body: { password: "another pass" },
          });
          assert.ok(await root.request("GET", "database/creds/reader"), "told of a new password");
          const other = structuredClone(platform);
          other.vaults["vault"]!.configuration!.mounts!["database"]!.databaseRoles!["shop"]!
            .username = "other";
          const wanted = desiredVault(other, "vault", { kubernetes: { host: "unused" } });
          await assert.rejects(
            configureVault(root, wanted, answeringContext(), { folder }),
            /database role database\/shop: username: "shop" → "other", which cannot be changed/,
          );
        },
      );
    })
  );
});
