import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { KubeObject } from "../../lib/core/object.ts";
import { journalKey } from "../../lib/flows/secrets/journal.ts";
import { openVault } from "../../lib/flows/vault/open.ts";
import { withVaultToken } from "../../lib/flows/vault/token.ts";
import { withConnection } from "../../lib/postgres/connection.ts";
import { canLogIn } from "../../lib/postgres/role_password.ts";
import type { PostgresTarget } from "../../lib/postgres/target.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { readSecret } from "../../lib/vault/kv.ts";
import { replaceSecret } from "../../lib/vault/kv.ts";
import { type Ground, withGround } from "../e2e/ground.ts";
import { type PostgresProcess, withPostgres } from "../e2e/postgres_process.ts";
import type { TaskOptions, TaskOutcome } from "../e2e/task.ts";
import { leaksOf } from "./leaks.ts";

const namespace = "bareuptime-backend";
const identities = fileURLToPath(
  new URL("../../manifests/example-identities.txt", import.meta.url),
);
const database = { mount: "secret", path: "bareuptime/database" };

/** Values that a team would type or bring along, of which none may be found anywhere in plain. */
function seedsWith(caCert: string) {
  const secret = (name: string) => `${name}-${crypto.randomUUID()}`;
  return {
    "secret/bareuptime/database": {
      PGUSER: "uptime_app",
      PGPASSWORD: secret("pg"),
      PGDATABASE: "postgres",
      POSTGRES_CA_CERTIFICATE: caCert,
    },
    "secret/bareuptime/auth": {
      GITHUB_CLIENT_ID: secret("gh-id"),
      GITHUB_CLIENT_SECRET: secret("gh"),
    },
    "secret/bareuptime/config": { BREVO_API_KEY: secret("brevo") },
    "secret/bareuptime/google-service-account": {
      GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify({ private_key: secret("google") }),
    },
    "secret/shared/redis": { REDIS_PASSWORD: secret("redis") },
    "secret/shared/clickhouse": {
      CLICKHOUSE_USER: "uptime_app",
      CLICKHOUSE_PASSWORD: secret("clickhouse"),
      CLICKHOUSE_DATABASE: "checks",
    },
    "secret/bareuptime/ghcr": { username: "uptime-bot", password: secret("ghcr") },
    "secret/bareuptime/backups": {
      AWS_ACCESS_KEY_ID: secret("aws-id"),
      AWS_SECRET_ACCESS_KEY: secret("aws"),
    },
  };
}

/** The chain under test, and all that it said and knew. */
interface Chain {
  ground: Ground;
  postgres: PostgresProcess;
  seeds: ReturnType<typeof seedsWith>;
  /** Secrets that were used, by name. */
  secrets: Record<string, string>;
  /** What tasks printed. */
  said: Record<string, string>;
  /** Folder of the keys. */
  keys: string;
  /** Run a task of BareUptime, and keep what it said. */
  task: (args: readonly string[], options?: TaskOptions) => Promise<TaskOutcome>;
}

Deno.test("BareUptime's secrets flow from a real Vault by a real External Secrets", async (t) => {
  await withPostgres(
    (postgres) =>
      withGround(async (ground) => {
        const seeds = seedsWith(postgres.caCert!);
        const secrets: Record<string, string> = { "the superuser's password": postgres.password };
        for (const [path, values] of Object.entries(seeds)) {
          for (const [key, value] of Object.entries(values)) {
            if (/PASSWORD|SECRET|API_KEY|JSON|^password$/.test(key)) {
              secrets[`${path} ${key}`] = value;
            }
          }
        }
        const said: Record<string, string> = {};
        const chain: Chain = {
          ground,
          postgres,
          seeds,
          secrets,
          said,
          keys: `${ground.stateHome}/keys`,
          async task([name, ...args], options) {
            const where = name === "cluster" ? [] : ["--platform", "bareuptime"];
            const outcome = await ground.run([name!, ...args, ...where, "--json"], options);
            said[`${Object.keys(said).length} ${name}`] = outcome.stdout + outcome.stderr;
            return outcome;
          },
        };
        await asSuperuser(postgres, [
          `CREATE ROLE uptime_app LOGIN PASSWORD '${
            seeds["secret/bareuptime/database"].PGPASSWORD
          }'`,
        ]);
        await steps(t, chain);
      }),
    {
      tlsNames: ["postgres"],
      hba: ["hostssl all all 127.0.0.1/32 scram-sha-256"],
      // What the test itself sends in plain must not be taken for a leak.
      settings: { log_statement: "ddl" },
    },
  );
});

async function steps(t: Deno.TestContext, chain: Chain) {
  const { ground, postgres, seeds, secrets, task, keys } = chain;
  const first = seeds["secret/bareuptime/database"].PGPASSWORD;
  const rotate = (options?: TaskOptions) =>
    task([
      "rotate_secret",
      "database-credentials",
      "--key",
      "PGPASSWORD",
      "--database",
      `postgresql://127.0.0.1:${postgres.port}/postgres?sslmode=verify-full&sslservername=postgres`,
      "--identity",
      identities,
      "--keys",
      keys,
    ], options);

  await t.step("Vault is installed, initialised, unsealed, configured, and seeded", async () => {
    done(await task(["cluster", "up", "--operators", "external-secrets"]));
    const file = `${await Deno.makeTempDir({ prefix: "slipway-seeds-" })}/seeds.json`;
    await Deno.writeTextFile(file, JSON.stringify(seeds), { mode: 0o600 });
    done(
      await task([
        "install_vault",
        "--keys",
        keys,
        "--identity",
        identities,
        "--seed-from",
        file,
        "--yes",
      ]),
    );
    await Deno.remove(file);
  });

  await t.step("the platform comes up, and its ExternalSecrets are synced for real", async () => {
    const outcome = await task(["bootstrap"]);
    done(outcome);
    const synced = outcome.lines.filter(({ type, state, because }) =>
      type === "wait" && state === "ready" && because === "SecretSynced: secret synced"
    ).map(({ subject }) => subject);
    const wanted = [
      "app-config",
      "backup-store",
      "clickhouse-credentials",
      "database-credentials",
      "ghcr-credentials",
      "github-credentials",
      "google-service-account",
      "redis-credentials",
    ];
    for (const name of wanted) {
      assert(synced.includes(`ExternalSecret ${namespace}/${name}`), `${name}: ${synced}`);
    }
  });

  await t.step("each Secret has what Vault has, and exactly the declared keys", async () => {
    await ground.asAdmin(async (client) => {
      const { PGUSER, PGPASSWORD, PGDATABASE, POSTGRES_CA_CERTIFICATE } =
        seeds["secret/bareuptime/database"];
      assert.deepEqual(await valuesOf(client, "database-credentials"), {
        PGUSER,
        PGPASSWORD,
        PGDATABASE,
        POSTGRES_CA_CERTIFICATE,
      });
      const { JWT_SECRET, BREVO_API_KEY, ...others } = await valuesOf(client, "app-config");
      assert.deepEqual(others, {});
      assert.equal(BREVO_API_KEY, seeds["secret/bareuptime/config"].BREVO_API_KEY);
      assert.match(JWT_SECRET ?? "", /^[A-Za-z0-9]{64}$/);
      secrets["the generated JWT_SECRET"] = JWT_SECRET!;
      const pull = JSON.parse((await valuesOf(client, "ghcr-credentials"))[".dockerconfigjson"]!);
      assert.equal(
        pull.auths["ghcr.io"].password,
        seeds["secret/bareuptime/ghcr"].password,
      );
    });
  });

  await t.step("the workload is ready", async () => {
    const { status } = await ground.asAdmin(backend);
    assert.equal((status as { readyReplicas: number }).readyReplicas, 3);
  });

  await t.step("a rotation in Vault reaches the Secret, and the workload rolls", async () => {
    const value = `brevo-${crypto.randomUUID()}`;
    secrets["the second BREVO_API_KEY"] = value;
    await asRoot(chain, async (vault) => {
      const place = { mount: "secret", path: "bareuptime/config" };
      const found = await readSecret(vault, place);
      assert(found.state === "there");
      await replaceSecret(vault, place, { ...found.data, BREVO_API_KEY: value }, found.version);
    });
    const before = await ground.asAdmin(podNames);
    // Times of pods and Secrets are whole seconds.
    const outcome = await task(["sync_secrets", "app-config"]);
    done(outcome);
    assert.equal(outcome.lines.at(-1)?.["restarted"], 1);
    await ground.asAdmin(async (client) => {
      assert.equal((await valuesOf(client, "app-config"))["BREVO_API_KEY"], value);
      const after = await podNames(client);
      assert.equal(after.length, 3);
      assert.deepEqual(after.filter((name) => before.includes(name)), []);
    });
  });

  await t.step("rotate-secret rotates the database's password end to end", async () => {
    const before = await ground.asAdmin(podNames);
    done(await rotate());
    const password = await agreed(chain);
    secrets["the second PGPASSWORD"] = password;
    assert.notEqual(password, first);
    assert.equal(await canLogInAs(postgres, first), false);
    const after = await ground.asAdmin(podNames);
    assert.deepEqual(after.filter((name) => before.includes(name)), []);
  });

  for (const point of ["syncing Secret", "giving the role", "restarting what reads it"]) {
    await t.step(`killed while ${point}, the next run ends the rotation`, async () => {
      const killed = await rotate({
        killWhen: ({ type, detail }) => type === "stage" && String(detail).startsWith(point),
      });
      assert.equal(killed.code, 137, killed.stderr);
      const next = await rotate();
      done(next);
      assert.equal(next.lines.at(-1)?.["resumed"], 1);
      secrets[`PGPASSWORD after ${point}`] = await agreed(chain);
    });
  }

  await t.step("without the database nothing is changed, and the cause is told", async () => {
    const before = await agreed(chain);
    await postgres.stop();
    const { code, stdout, stderr } = await rotate();
    assert.equal(code, 1, stderr);
    assert.match(stdout, /the connection was refused/);
    await postgres.restart();
    assert.equal(await agreed(chain), before);
  });

  await t.step("when the restarted pods cannot be made, all is put back", async () => {
    const before = await agreed(chain);
    const quota = { apiVersion: "v1", kind: "ResourceQuota", namespace, name: "no-more" };
    await ground.asAdmin((client) =>
      client.create({
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: quota.name, namespace },
        spec: { hard: { pods: "0" } },
      })
    );
    const mended = Promise.withResolvers<unknown>();
    const { code, stdout } = await rotate({
      onLine({ type, message }) {
        if (type !== "note" || !String(message).includes("is put back")) return;
        mended.resolve(ground.asAdmin((client) => client.delete(quota)));
      },
    });
    assert.match(stdout, /Nothing is rotated: .*exceeded quota/);
    await mended.promise;
    assert.equal(code, 1);
    assert.equal(await agreed(chain), before);
    const { status } = await ground.asAdmin(backend);
    assert.equal((status as { readyReplicas: number }).readyReplicas, 3);
  });

  await t.step(
    "a sealed Vault is told as the cause, and all goes on when it is unsealed",
    async () => {
      await asRoot(chain, (vault) => vault.request("PUT", "sys/seal"), { keepRoot: true });
      const refused = await task(["sync_secrets", "redis-credentials"]);
      assert.notEqual(refused.code, 0);
      assert.match(refused.stdout, /Vault is sealed/);
      assert.match(refused.stdout, /unseal-vault/);
      done(await task(["unseal_vault", "--identity", identities, "--keys", keys]));
      done(await task(["sync_secrets", "redis-credentials"]));
    },
  );

  await t.step(
    "no secret stands in any file, log, event, command line or environment",
    async () => {
      const texts = { ...chain.said, "Postgres' log": await postgres.log() };
      assert.deepEqual(await leaksOf(secrets, { folders: [ground.stateHome], texts }), []);
      // The search itself works.
      const planted = { folders: [], texts: { planted: `{"x":"${first}"}` } };
      assert.equal((await leaksOf({ first }, planted)).length, 1);
    },
  );
}

function done({ code, stdout, stderr }: TaskOutcome): void {
  assert.equal(code, 0, `${stderr}\n${stdout.slice(-3000)}`);
}

async function backend(client: ClusterClient): Promise<KubeObject> {
  const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace, name: "bareuptime-backend" };
  return (await client.get(ref))!;
}

async function podNames(client: ClusterClient): Promise<string[]> {
  const { items } = await client.list({
    apiVersion: "v1",
    kind: "Pod",
    namespace,
    labelSelector: "app=bareuptime-backend",
  });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name).sort();
}

async function valuesOf(client: ClusterClient, name: string): Promise<Record<string, string>> {
  const secret = await client.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  const data = (secret?.["data"] ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      new TextDecoder().decode(Uint8Array.fromBase64(value)),
    ]),
  );
}

/** The password on which Vault, the Secret and the database agree, with no journal left. */
async function agreed(chain: Chain): Promise<string> {
  const inVault = await asRoot(chain, async (vault) => {
    const found = await readSecret(vault, database);
    assert(found.state === "there");
    assert.equal(found.data[journalKey], undefined);
    return String(found.data["PGPASSWORD"]);
  });
  const inSecret = await chain.ground.asAdmin((client) => valuesOf(client, "database-credentials"));
  assert.equal(inSecret["PGPASSWORD"], inVault);
  assert.equal(await canLogInAs(chain.postgres, inVault), true);
  return inVault;
}

function targetOf({ host, port, caCert }: PostgresProcess): PostgresTarget {
  return {
    host,
    port,
    database: "postgres",
    tls: { mode: "verify-full", serverName: "postgres", caCert: caCert! },
  };
}

async function canLogInAs(postgres: PostgresProcess, password: string): Promise<boolean> {
  const { redactor } = postgresContext;
  return await canLogIn(targetOf(postgres), { user: "uptime_app", password }, { redactor });
}

const postgresContext = { redactor: { add: () => {}, redact: (text: string) => text } };

async function asSuperuser(postgres: PostgresProcess, statements: readonly string[]) {
  await withConnection(targetOf(postgres), postgres, postgresContext, async (connection) => {
    // Its own statements hold what no log may hold.
    await connection.query("SET log_statement = 'none'");
    for (const statement of statements) await connection.query(statement);
  });
}

/** Do something in Vault by a root token of the kept shares. */
async function asRoot<T>(
  { ground, keys }: Chain,
  work: (vault: VaultClient) => Promise<T>,
  { keepRoot = false }: { keepRoot?: boolean } = {},
): Promise<T> {
  const { context } = ground;
  const request = { platform: "bareuptime", identity: [identities], keys };
  await using open = await openVault(request, context);
  if (!keepRoot) return await withVaultToken(open, request, context, work);
  // A Vault that is sealed revokes no token.
  return await withVaultToken(open, request, { ...context, emit: () => {} }, work);
}
