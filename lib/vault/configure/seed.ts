import { SlipwayError } from "../../core/errors.ts";
import type { Redactor } from "../../core/redact.ts";
import type { VaultClient } from "../client.ts";
import type { DesiredSeed, SeedSource } from "./desired.ts";
import { randomText } from "./generate.ts";
import { listNames } from "../read.ts";
import { addToSecret, readSecret } from "../kv.ts";

/** Values that come from outside of Vault, by path with its mount, then by key. */
export type SeedValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a seeding needs besides the Vault. */
export interface SeedOptions {
  /** Values from people and files, which the redactor knows already; they go before all other sources. */
  values: SeedValues;
  /** Learns each value that is made here before it is sent. */
  redactor: Redactor;
  /** Ends it early. */
  signal?: AbortSignal;
}

/** What a seeding did. */
export interface Seeded {
  /** Keys that were written. */
  written: string[];
  /** Keys that are still missing, since nobody gave a value. */
  left: string[];
}

/** A value, and how to undo its making where it was not needed after all. */
interface Made {
  value: string;
  undo?: () => Promise<unknown>;
}

/** How often somebody else may be faster before it is an error. */
const attempts = 10;

/**
 * Add the keys that a secret lacks. Each write is bound to the version that was read before it, so that nothing is
 * overwritten whoever else writes.
 */
export async function seedSecret(
  client: VaultClient,
  seed: DesiredSeed,
  options: SeedOptions,
): Promise<Seeded> {
  const { signal } = options;
  const name = `${seed.mount}/${seed.path}`;
  const made = new Map<string, Made>();
  const discard = (keys: Iterable<string>) =>
    Promise.all([...keys].map((key) => made.get(key)?.undo?.()));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = await readSecret(client, seed, signal);
    if (found.state === "deleted") {
      await discard(made.keys());
      throw new SlipwayError(`Cannot seed ${name}: somebody deleted it meanwhile`, {
        remedy: "run the same command again, which tells how it can come back",
      });
    }
    const missing = Object.keys(seed.keys)
      .filter((key) => found.state === "absent" || !(key in found.data));
    const left: string[] = [];
    const data: Record<string, string> = {};
    for (const key of missing) {
      const value = made.get(key) ?? await make(client, seed, key, options);
      if (value === undefined) {
        left.push(key);
        continue;
      }
      made.set(key, value);
      data[key] = value.value;
    }
    const written = Object.keys(data);
    const version = found.state === "absent" ? 0 : found.version;
    if (written.length === 0 || await addToSecret(client, seed, data, version, signal)) {
      await discard(made.keys().filter((key) => !written.includes(key)));
      return { written, left };
    }
  }
  await discard(made.keys());
  throw new SlipwayError(`Cannot seed ${name}: others changed it ${attempts} times meanwhile`, {
    remedy: "run the same command again when nobody else writes it",
    retryable: true,
  });
}

/** The value of a key; undefined where a person or a file should give it and did not. */
async function make(
  client: VaultClient,
  seed: DesiredSeed,
  key: string,
  options: SeedOptions,
): Promise<Made | undefined> {
  const given = options.values[`${seed.mount}/${seed.path}`]?.[key];
  if (given !== undefined) return { value: given };
  const source = seed.keys[key]!;
  // It stands in the platform file: hidden, it would garble names that are the same.
  if (source.from === "text") return { value: source.text };
  const made = await makeSecret(client, source, `${seed.mount}/${seed.path} ${key}`, options);
  if (made !== undefined) options.redactor.add(made.value);
  return made;
}

async function makeSecret(
  client: VaultClient,
  source: Exclude<SeedSource, { from: "text" }>,
  purpose: string,
  { signal }: SeedOptions,
): Promise<Made | undefined> {
  switch (source.from) {
    case "random":
      return { value: randomText(source) };
    case "person":
    case "file":
      return undefined;
    case "role-id":
      return { value: await roleId(client, source, signal) };
    case "secret-id":
      return await secretId(client, source, purpose, signal);
    case "token":
      return await token(client, source, signal);
  }
}

type OfRole = Extract<SeedSource, { role: string; mount: string }>;

async function roleId(
  client: VaultClient,
  { mount, role }: OfRole,
  signal?: AbortSignal,
): Promise<string> {
  const answer = await client.request<{ data: { role_id: string } }>(
    "GET",
    `auth/${mount}/role/${role}/role-id`,
    { signal },
  );
  return wanted(answer?.data.role_id, `role id of ${mount}/${role}`);
}

/**
 * A new secret id, marked with what it is for: one that an earlier run made for the same and never delivered, since
 * it was killed in between, is destroyed. Source: Vault API, AppRole auth method.
 */
async function secretId(
  client: VaultClient,
  { mount, role }: OfRole,
  purpose: string,
  signal?: AbortSignal,
): Promise<Made> {
  const path = `auth/${mount}/role/${role}`;
  for (const accessor of await listNames(client, `${path}/secret-id`, signal)) {
    const { data } = await client.request<{ data: { metadata?: Record<string, string> } }>(
      "POST",
      `${path}/secret-id-accessor/lookup`,
      { body: { secret_id_accessor: accessor }, signal },
    ) ?? {};
    if (data?.metadata?.["slipway-seed"] === purpose) {
      await destroySecretId(client, path, accessor, signal);
    }
  }
  const answer = await client.request<{ data: { secret_id: string; secret_id_accessor: string } }>(
    "POST",
    `${path}/secret-id`,
    { body: { metadata: JSON.stringify({ "slipway-seed": purpose }) }, signal },
  );
  const accessor = answer?.data.secret_id_accessor ?? "";
  return {
    value: wanted(answer?.data.secret_id, `secret id of ${mount}/${role}`),
    undo: () => destroySecretId(client, path, accessor, signal),
  };
}

function destroySecretId(
  client: VaultClient,
  path: string,
  accessor: string,
  signal?: AbortSignal,
): Promise<unknown> {
  return client.request("POST", `${path}/secret-id-accessor/destroy`, {
    body: { secret_id_accessor: accessor },
    signal,
  });
}

/** One that never arrives ends by itself when its period is over. Source: Vault API, token auth method. */
async function token(
  client: VaultClient,
  { role }: Extract<SeedSource, { from: "token" }>,
  signal?: AbortSignal,
): Promise<Made> {
  const answer = await client.request<{ auth: { client_token: string; accessor: string } }>(
    "POST",
    `auth/token/create/${role}`,
    { body: { display_name: role }, signal },
  );
  return {
    value: wanted(answer?.auth.client_token, `token of the role ${role}`),
    undo: () =>
      client.request("POST", "auth/token/revoke-accessor", {
        body: { accessor: answer?.auth.accessor },
        signal,
      }),
  };
}

function wanted(value: string | undefined, what: string): string {
  if (value !== undefined && value !== "") return value;
  throw new SlipwayError(`Cannot get the ${what}: Vault answered with nothing`);
}
