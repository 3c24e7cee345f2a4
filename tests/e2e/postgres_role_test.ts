import assert from "node:assert/strict";
import { createRedactor } from "../../lib/core/redact.ts";
import {
  type ConnectionOptions,
  type PostgresConnection,
  withConnection,
} from "../../lib/postgres/connection.ts";
import { PostgresError, type PostgresProblem } from "../../lib/postgres/errors.ts";
import { canLogIn, setRolePassword } from "../../lib/postgres/role_password.ts";
import type { PostgresTarget, PostgresTls } from "../../lib/postgres/target.ts";
import { md5Verifier, scramVerifier } from "../../lib/postgres/verifier.ts";
import { type PostgresProcess, withPostgres } from "./postgres_process.ts";

const options: ConnectionOptions = { redactor: createRedactor(), timeoutMs: 5_000 };

function targetOf(
  { host, port }: Pick<PostgresProcess, "host" | "port">,
  tls: PostgresTls = { mode: "disable" },
): PostgresTarget {
  return { host, port, database: "postgres", tls };
}

async function asSuperuser<T>(
  postgres: PostgresProcess,
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  return await withConnection(targetOf(postgres), postgres, options, work);
}

async function fails(operation: Promise<unknown>, problem: PostgresProblem, words: RegExp) {
  await assert.rejects(operation, (error: unknown) => {
    assert(error instanceof PostgresError, String(error));
    assert.equal(error.problem, problem, error.message);
    assert.match(error.message, words);
    assert(error.remedy, "a remedy");
    return true;
  });
}

Deno.test("A role's password in a real Postgres", async (t) => {
  await withPostgres(async (postgres) => {
    const target = targetOf(postgres);
    const app = (password: string) => canLogIn(target, { user: "app", password }, options);
    await asSuperuser(postgres, (connection) => connection.query("CREATE ROLE app LOGIN"));

    await t.step("scramVerifier() makes what the server makes of the same password", async () => {
      await asSuperuser(postgres, async (connection) => {
        for (
          const password of ["pencil", "a'b\"c\\d $%", "Pässwörd\u00a0ﬁ\u00ad", "x".repeat(99)]
        ) {
          await connection.query(`ALTER ROLE app PASSWORD '${password.replaceAll("'", "''")}'`);
          const [row] = await connection.query(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'",
          );
          const [, iterations, salt] = /\$(\d+):([^$]+)\$/.exec(String(row!["rolpassword"]))!;
          const made = await scramVerifier(password, {
            salt: Uint8Array.fromBase64(salt!),
            iterations: Number(iterations),
          });
          assert.equal(made, row!["rolpassword"], password);
        }
      });
    });

    await t.step("a superuser changes it: the new one is let in, the old one is not", async () => {
      await asSuperuser(
        postgres,
        (connection) => setRolePassword(connection, { role: "app", password: "first-password" }),
      );
      assert.equal(await app("first-password"), true);
      await asSuperuser(
        postgres,
        (connection) => setRolePassword(connection, { role: "app", password: "second-password" }),
      );
      assert.equal(await app("first-password"), false);
      assert.equal(await app("second-password"), true);
    });

    await t.step("a role changes its own", async () => {
      await withConnection(
        target,
        { user: "app", password: "second-password" },
        options,
        (connection) => setRolePassword(connection, { role: "app", password: "third-password" }),
      );
      assert.equal(await app("third-password"), true);
    });

    await t.step(
      "no password is in the server's log, and of a superuser not even a verifier",
      async () => {
        const log = await postgres.log();
        assert.match(log, /ALTER ROLE "app" PASSWORD 'SCRAM-SHA-256\$4096:/, "of the role's own");
        assert.equal(log.match(/ALTER ROLE "app"/g)?.length, 1);
        for (const password of ["first-", "second-", "third-"]) {
          assert(!log.includes(`${password}password`), password);
        }
      },
    );

    await t.step("where the server keeps MD5, it gets MD5", async () => {
      await asSuperuser(postgres, async (connection) => {
        await connection.query("SET password_encryption = 'md5'");
        await setRolePassword(connection, { role: "app", password: "fourth-password" });
        const [row] = await connection.query(
          "SELECT rolpassword FROM pg_authid WHERE rolname = 'app'",
        );
        assert.equal(row!["rolpassword"], md5Verifier("fourth-password", "app"));
        await setRolePassword(connection, { role: "app", password: "fourth-password" });
      });
    });

    await t.step("each refusal has its cause", async () => {
      await asSuperuser(postgres, async (connection) => {
        await connection.query("ALTER ROLE app PASSWORD 'fifth-password'");
        await connection.query('CREATE ROLE "we""ird" LOGIN');
        await connection.query("CREATE ROLE closed NOLOGIN PASSWORD 'fifth-password'");
        await setRolePassword(connection, { role: 'we"ird', password: "fifth-password" });
        await fails(
          setRolePassword(connection, { role: "nobody", password: "any-password" }),
          "no-role",
          /role "nobody" does not exist/,
        );
      });
      const login = (user: string) => ({ user, password: "fifth-password" });
      const use = (where: PostgresTarget, user: string, password = "fifth-password") =>
        withConnection(
          where,
          { user, password },
          options,
          (connection) =>
            setRolePassword(connection, { role: "postgres", password: "any-password" }),
        );
      assert.equal(await canLogIn(target, login('we"ird'), options), true);
      await fails(use(target, "app"), "no-permission", /permission denied|must be superuser/);
      await fails(use(target, "app", "wrong-password"), "wrong-password", /refuses the password/);
      await fails(use(target, "closed"), "no-login", /not permitted to log in/);
      await fails(
        use({ ...target, database: "nix" }, "app"),
        "no-database",
        /"nix" does not exist/,
      );
      await fails(use({ ...target, port: 1 }, "app"), "unreachable", /refused/);
      await fails(
        use({ ...target, host: "postgres.invalid" }, "app"),
        "name-not-resolved",
        /cannot be resolved/,
      );
      await fails(
        use({ ...target, tls: { mode: "verify-full" } }, "app"),
        "tls-refused",
        /TLS turned off/,
      );
    });

    await t.step("a standby is told from a primary", async () => {
      await asSuperuser(postgres, async (connection) => {
        await connection.query("SET default_transaction_read_only = on");
        await fails(
          setRolePassword(connection, { role: "app", password: "any-password" }),
          "read-only",
          /standby/,
        );
      });
    });
  });
});

Deno.test("TLS to a real Postgres", async (t) => {
  await withPostgres(async (postgres) => {
    const login = { user: postgres.user, password: postgres.password };
    const caCert = postgres.caCert!;
    const via = (tls: PostgresTls) => canLogIn(targetOf(postgres, tls), login, options);

    await t.step("the certificate is verified, by the name that the URL gives it", async () => {
      assert.equal(await via({ mode: "verify-full", caCert, serverName: "postgres" }), true);
      assert.equal(await via({ mode: "verify-ca", caCert }), true);
      assert.equal(await via({ mode: "require" }), true);
    });

    await t.step("each failure has its cause", async () => {
      await fails(via({ mode: "disable" }), "tls-required", /without TLS/);
      await fails(
        via({ mode: "verify-full", serverName: "postgres" }),
        "unknown-ca",
        /authority that is not trusted/,
      );
      await fails(
        via({ mode: "verify-full", caCert, serverName: "other" }),
        "other-name",
        /other names/,
      );
      await postgres.setHba(["hostssl all all 10.0.0.0/8 scram-sha-256"]);
      await fails(via({ mode: "verify-ca", caCert }), "not-admitted", /does not let this role in/);
      await postgres.setHba(["hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca"]);
      await fails(via({ mode: "verify-ca", caCert }), "client-certificate", /certificate/);
    });
  }, {
    tlsNames: ["postgres"],
    hba: ["hostssl all all 127.0.0.1/32 scram-sha-256"],
  });
});
