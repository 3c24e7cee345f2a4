import { closest } from "../../core/closest.ts";
import { UsageError } from "../../core/errors.ts";
import { withOneSource } from "../../platform/secret_source.ts";
import type { ExternalSecret, Platform } from "../../platform/types.ts";
import { vaultAt } from "../../platform/vaults.ts";
import type { SecretPlace } from "../../vault/kv.ts";

/** Where a value comes from, and who gets it. */
export interface ValueSource {
  /** Name of the platform's Vault that has it. */
  vault: string;
  /** The secret in it. */
  place: SecretPlace;
  /** Key of that secret. */
  property: string;
  /** All ExternalSecrets that deliver it. */
  readers: readonly ValueReader[];
}

/** An ExternalSecret that delivers a value. */
export interface ValueReader {
  /** Its namespace. */
  namespace: string;
  /** Its name, and that of its Secret. */
  name: string;
  /** Key of its Secret that holds the value; undefined where it is a part of another text, as in a pull secret. */
  key?: string;
}

/** Sections of a platform that say where values come from. */
export type SourceSections = Pick<Platform, "externalSecrets" | "secretStores" | "vaults">;

/**
 * Where the value of a key of an ExternalSecret's Secret comes from, and which other ExternalSecrets deliver the
 * same one.
 *
 * @throws {UsageError} when there is no such ExternalSecret or key, or the source is no KV engine of version 2 in a
 * Vault of the platform
 */
export function sourceOfValue(platform: SourceSections, name: string, key: string): ValueSource {
  const secret = platform.externalSecrets[name];
  if (secret === undefined) {
    throw unknown(`no external secret "${name}"`, name, Object.keys(platform.externalSecrets));
  }
  const values = valuesOf(secret);
  const value = values.find((candidate) => candidate.key === key || candidate.property === key);
  if (value === undefined) {
    const keys = values.map(({ key, property }) => key ?? property ?? "");
    throw unknown(`no key "${key}" in the external secret ${name}`, key, keys);
  }
  const found = placeOf(platform, secret, value);
  if (typeof found === "string") {
    throw new UsageError(`Cannot rotate ${key} of ${name}: ${found}`, {
      remedy: "change it at its source, then run `deno task sync-secrets`",
    });
  }
  const same = ({ vault, place, property }: Omit<ValueSource, "readers">) =>
    vault === found.vault && place.mount === found.place.mount &&
    place.path === found.place.path && property === found.property;
  return {
    ...found,
    readers: Object.entries(platform.externalSecrets).flatMap(([name, other]) =>
      valuesOf(other).flatMap((value): ValueReader[] => {
        const place = placeOf(platform, other, value);
        if (typeof place === "string" || !same(place)) return [];
        const { namespace } = other;
        return [{ namespace, name, ...(value.key === undefined ? {} : { key: value.key }) }];
      })
    ),
  };
}

interface Value {
  /** Key of the Secret. */
  key?: string;
  /** Path in the store. */
  path: string;
  /** Property at the path. */
  property?: string;
}

function valuesOf({ from = "", keys, keysFrom, pullSecret }: ExternalSecret): Value[] {
  return [
    ...(keys ?? []).map((key) => ({ key, path: from, property: key })),
    ...Object.entries(keysFrom ?? {}).map(([key, source]) => ({ key, ...source })),
    ...(pullSecret === undefined ? [] : [pullSecret.usernameKey, pullSecret.passwordKey])
      .map((property) => ({ path: from, property })),
  ];
}

/** The value's place, or what is wrong with it. */
function placeOf(
  platform: SourceSections,
  secret: ExternalSecret,
  { path, property }: Value,
): Omit<ValueSource, "readers"> | string {
  const store = platform.secretStores[secret.store];
  const source = store === undefined ? undefined : withOneSource(store).vault;
  if (source === undefined) return `its store ${secret.store} reads from no Vault`;
  const vault = vaultAt(platform, source.server);
  if (vault === undefined) return `${source.server} is none of the platform's vaults`;
  if (source.version !== "v2") {
    return `the engine ${source.path} keeps no versions (KV ${source.version})`;
  }
  if (property === undefined) return `it is the whole of ${path}, not one value of it`;
  return { vault, place: { mount: source.path, path }, property };
}

function unknown(what: string, given: string, names: readonly string[]): UsageError {
  const guess = closest(given, names);
  return new UsageError(`The platform has ${what}`, {
    remedy: guess === undefined ? `name one of ${names.join(", ")}` : `did you mean ${guess}?`,
  });
}
