import { SlipwayError } from "../../core/errors.ts";
import type { Redactor } from "../../core/redact.ts";
import type { VaultClient } from "../client.ts";
import type { VaultChange } from "./change.ts";
import { fieldDiff } from "./compare.ts";
import type { DesiredConnection } from "./desired.ts";
import { readData } from "../read.ts";
import { readSecret } from "../kv.ts";

/** The plugin for Postgres. Source: Vault, "PostgreSQL database secrets engine". */
const plugin = "postgresql-database-plugin";

interface LiveConnection {
  allowed_roles?: string[];
  connection_details?: { connection_url?: string; username?: string };
}

/**
 * What becomes of a database's connection. Vault tells nobody the password of its own user, so a new one in KV
 * shows only where the user's name changes too.
 */
export async function planConnection(
  client: VaultClient,
  connection: DesiredConnection,
  signal?: AbortSignal,
): Promise<VaultChange> {
  const { mount, name, url, allowedRoles, because } = connection;
  const change = {
    kind: "database connection" as const,
    name: `${mount}/${name}`,
    ...(because === undefined ? {} : { because }),
  };
  const act = { do: "connection" as const, connection };
  const live = await readData<LiveConnection>(client, `${mount}/config/${name}`, signal);
  if (live === undefined) return { ...change, action: "created", diff: [], act };
  const diff = fieldDiff(
    { connection_url: live.connection_details?.connection_url, allowed_roles: live.allowed_roles },
    { connection_url: url, allowed_roles: allowedRoles },
  );
  const { credentials } = connection;
  const secret = await readSecret(client, credentials, signal);
  if (
    secret.state === "there" &&
    live.connection_details?.username !== secret.data[credentials.usernameKey]
  ) {
    diff.push(`username: another one stands in ${credentials.mount}/${credentials.path}`);
  }
  return diff.length === 0
    ? { ...change, action: "unchanged", diff }
    : { ...change, action: "configured", diff, act };
}

/**
 * Write a database's connection, which Vault tries out. The engine's own password stays the one in KV: rotating it
 * with `rotate-root` would lock out all others that know it.
 */
export async function writeConnection(
  client: VaultClient,
  { mount, name, url, allowedRoles, credentials }: DesiredConnection,
  { redactor, signal }: { redactor: Redactor; signal?: AbortSignal },
): Promise<void> {
  const where = `${credentials.mount}/${credentials.path}`;
  const secret = await readSecret(client, credentials, signal);
  const [username, password] = [credentials.usernameKey, credentials.passwordKey].map((key) =>
    secret.state === "there" ? secret.data[key] : undefined
  );
  if (typeof username !== "string" || typeof password !== "string") {
    throw new SlipwayError(
      `Cannot connect Vault to the database ${name}: ${where} lacks ${
        typeof username === "string" ? credentials.passwordKey : credentials.usernameKey
      }`,
      { remedy: `put it there, or declare a seed for it, and run the same command again` },
    );
  }
  redactor.add(password);
  await client.request("POST", `${mount}/config/${name}`, {
    body: {
      plugin_name: plugin,
      connection_url: url,
      allowed_roles: allowedRoles,
      username,
      password,
      password_authentication: "scram-sha-256",
      verify_connection: true,
    },
    signal,
  });
}
