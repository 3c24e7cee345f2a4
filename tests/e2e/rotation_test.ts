import assert from "node:assert/strict";
import type { ClusterClient } from "../../lib/core/cluster.ts";
import type { Context } from "../../lib/core/context.ts";
import { type KubeObject, type ObjectRef } from "../../lib/core/object.ts";
import { carryOut } from "../../lib/flows/secrets/carry_out.ts";
import { type DatabaseRole, openDatabase } from "../../lib/flows/secrets/database.ts";
import { journalKey, type RotationJournal } from "../../lib/flows/secrets/journal.ts";
import { placesOf } from "../../lib/flows/secrets/places.ts";
import type { Session } from "../../lib/flows/session.ts";
import { withConnection } from "../../lib/postgres/connection.ts";
import type { VaultClient } from "../../lib/vault/client.ts";
import { readSecret } from "../../lib/vault/kv.ts";
import { replaceSecret } from "../../lib/vault/kv.ts";
import { createFakeClient, type FakeClient } from "../kube/fake_client.ts";
import { sample } from "../kube/sample_objects.ts";
import { answeringContext, withRootedVault } from "./configured_vault.ts";
import { type PostgresProcess, withPostgres } from "./postgres_process.ts";

const place = { mount: "secret", path: "shop/database" };
const source = {
  vault: "vault",
  place,
  property: "PGPASSWORD",
  readers: [{ namespace: "shop", name: "database", key: "PGPASSWORD" }],
};
const readers = { secrets: source.readers };
const secretName = { namespace: "shop", name: "database" };
const secretRef: ObjectRef = { apiVersion: "v1", kind: "Secret", ...secretName };

/** A cluster in memory in which External Secrets and the controller of Deployments do at once what they are asked. */
function clusterWith(vault: VaultClient): FakeClient {
  const client = createFakeClient([
    sample("external-secrets.io/v1", "ExternalSecret", { metadata: secretName, spec: {} }),
    sample("apps/v1", "Deployment", {
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "web" } },
        template: { spec: { containers: [{ envFrom: [{ secretRef: { name: "database" } }] }] } },
      },
      status: {
        observedGeneration: 1,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
      },
    }),
    sample("v1", "Pod", {
      metadata: {
        name: "web-1",
        labels: { app: "web" },
        creationTimestamp: "2026-01-01T00:00:00Z",
      },
    }),
  ]);
  const { patch } = client;
  let syncs = 0;
  return Object.assign(client, {
    async patch(ref: ObjectRef, body: unknown, options?: Parameters<ClusterClient["patch"]>[2]) {
      const patched = await patch(ref, body, options);
      if (ref.kind === "ExternalSecret") {
        const found = await readSecret(vault, place);
        assert(found.state === "there");
        const encoded = Object.entries(found.data).filter(([key]) => key !== journalKey)
          .map(([key, value]) => [key, btoa(String(value))]);
        client.set(sample("v1", "Secret", {
          metadata: { ...secretName, creationTimestamp: "2026-01-02T00:00:00Z" },
          data: Object.fromEntries(encoded),
        }));
        client.set({
          ...patched as KubeObject,
          status: {
            syncedResourceVersion: `1-${++syncs}`,
            conditions: [{ type: "Ready", status: "True", reason: "SecretSynced" }],
          },
        });
      }
      return patched;
    },
  }) as FakeClient;
}

/** Everything that a rotation meets. */
interface Ground {
  postgres: PostgresProcess;
  vault: VaultClient;
  client: FakeClient;
  context: Context;
  told: string[];
}

async function withAll(work: (ground: Ground) => Promise<void>): Promise<void> {
  await withPostgres(
    (postgres) =>
      withRootedVault(async ({ root }) => {
        await root.request("POST", "sys/mounts/secret", {
          body: { type: "kv", options: { version: "2" } },
        });
        const told: string[] = [];
        const context: Context = {
          ...answeringContext(),
          emit: (event) => void told.push(JSON.stringify(event)),
        };
        await replaceOnce(root, {
          PGUSER: "app",
          PGPASSWORD: "first-password",
          CA: postgres.caCert!,
        });
        await asSuperuser(postgres, "CREATE ROLE app LOGIN PASSWORD 'first-password'");
        await work({ postgres, vault: root, client: clusterWith(root), context, told });
      }),
    { tlsNames: ["postgres"] },
  );
}

async function replaceOnce(vault: VaultClient, data: Record<string, string>): Promise<void> {
  const found = await readSecret(vault, place);
  await replaceSecret(vault, place, data, found.state === "absent" ? 0 : found.version);
}

async function asSuperuser(postgres: PostgresProcess, statement: string): Promise<void> {
  const { host, port } = postgres;
  const target = { host, port, database: "postgres", tls: { mode: "require" as const } };
  const redactor = { add: () => {}, redact: (text: string) => text };
  await withConnection(target, postgres, { redactor }, async (connection) => {
    await connection.query("SET log_statement = 'none'");
    await connection.query(statement);
  });
}

/** The URL by which the server's certificate is verified, by the authority that the secret itself has. */
const urlOf = ({ host, port }: PostgresProcess) =>
  `postgresql://${host}:${port}/postgres?sslmode=verify-full&sslservername=postgres`;

async function open(
  { postgres, vault, context }: Ground,
  more: Record<string, string> = {},
): Promise<DatabaseRole> {
  const found = await readSecret(vault, place);
  assert(found.state === "there");
  const request = { database: urlOf(postgres), ...more };
  return await openDatabase(request, found.data, [String(found.data["PGPASSWORD"])], context);
}

async function rotate(ground: Ground, to: string, role: DatabaseRole): Promise<void> {
  const { vault, client, context } = ground;
  const found = await readSecret(vault, place);
  assert(found.state === "there");
  const journal: RotationJournal = {
    key: "PGPASSWORD",
    old: String(found.data["PGPASSWORD"]),
    new: to,
    toward: "new",
    startedAt: context.now().toString(),
  };
  const session: Session = {
    client,
    embedded: true,
    name: "test",
    operators: [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const places = placesOf({ vault, source, readers, role, session }, context, () => {});
  await carryOut(places, journal, context.signal, () => {});
}

/** The password on which all agree. */
async function agreed({ vault, client, postgres, context }: Ground): Promise<string> {
  const found = await readSecret(vault, place);
  assert(found.state === "there");
  assert.deepEqual(Object.keys(found.data).sort(), ["CA", "PGPASSWORD", "PGUSER"]);
  const password = String(found.data["PGPASSWORD"]);
  const secret = await client.get(secretRef) as KubeObject & { data: Record<string, string> };
  assert.equal(atob(secret.data["PGPASSWORD"]!), password);
  const role = await openDatabase({ database: urlOf(postgres) }, found.data, [password], context);
  assert(await role.accepts(password, context.signal));
  return password;
}

Deno.test("A database's password rotates between a real Vault and a real Postgres", async (t) => {
  await withAll(async (ground) => {
    const { postgres, vault, client, context, told } = ground;

    await t.step("the role changes its own, and what reads it is restarted", async () => {
      await rotate(ground, "second-password", await open(ground));
      assert.equal(await agreed(ground), "second-password");
      assert(client.calls.includes("patch Deployment shop/web"), client.calls.join("\n"));
      const role = await open(ground);
      assert.equal(await role.accepts("first-password", context.signal), false);
    });

    await t.step("a superuser changes it, whatever it is", async () => {
      await asSuperuser(postgres, "ALTER ROLE app PASSWORD 'nobody-knows'");
      await assert.rejects(
        open(ground),
        (error: Error & { remedy?: string }) =>
          /does not take the one that Vault has/.test(error.message) &&
          /--admin/.test(error.remedy ?? ""),
      );
      const asAdmin = { ...ground, context: { ...context, env: () => postgres.password } };
      await rotate(ground, "third-password", await open(asAdmin, { admin: "postgres" }));
      assert.equal(await agreed(ground), "third-password");
    });

    await t.step("a password that the database takes and does not let in is put back", async () => {
      const role = await open(ground);
      // As a pooler or another tool would that decides on passwords by itself.
      const deaf: DatabaseRole = {
        ...role,
        accepts: async (password, signal) =>
          password === "third-password" && await role.accepts(password, signal),
      };
      await assert.rejects(
        rotate(ground, "fourth-password", deaf),
        /Nothing is rotated: app cannot log in to postgres at .* with the password that it was just given/,
      );
      assert.equal(await agreed(ground), "third-password");
    });

    await t.step("wrong questions are told before anything is changed", async () => {
      const noRole = { ...ground, vault };
      await assert.rejects(open(noRole, { userKey: "NIX" }), /whose password it is/);
      const elsewhere = { database: urlOf(postgres).replace("sslservername=postgres", "") };
      await assert.rejects(open(ground, elsewhere), /certificate is for other names/);
      await assert.rejects(
        open(ground, { role: "nobody" }),
        /does not take the one that Vault has/,
      );
      assert.equal(await agreed(ground), "third-password");
    });

    await t.step("no password is in an event or in the server's log", async () => {
      const text = told.join("\n") + await postgres.log();
      for (const word of ["first", "second", "third", "fourth"]) {
        assert(!text.includes(`${word}-password`), word);
      }
      assert(!text.includes(postgres.password));
    });
  });
});
