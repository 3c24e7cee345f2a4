import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError, UsageError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { storeKeys, storesOf, storeUrl, veleroCredentialsKey } from "../../platform/backups.ts";
import type { Platform } from "../../platform/types.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";

/** What is asked of the world to open a store of a platform. */
export type StoreContext = Pick<Context, "env" | "cwd" | "redactor" | "signal">;

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

/**
 * Open one of a platform's stores with the credentials that its jobs have: those of the Secret on the cluster. They are
 * held in memory alone, and the redactor knows them.
 *
 * @throws {UsageError} when the platform has no such store
 * @throws {SlipwayError} when no Secret has credentials, or none can be read
 */
export async function openPlatformStore(
  name: string,
  platform: Platform,
  { client }: { client: Pick<ClusterClient, "get"> },
  context: StoreContext,
  said: { endpoint?: string; region?: string } = {},
): Promise<Store> {
  const store = storesOf(platform)[name];
  if (store === undefined) {
    throw new UsageError(
      `Cannot open the store ${name}: ${platform.name} has no store of this name`,
      {
        remedy: "name one of its backups.stores",
      },
    );
  }
  const keys = await clusterCredentials(name, store.secrets, client, context);
  for (const secret of keys.secrets) context.redactor.add(secret);
  // Nothing of another store's credentials may be mixed in.
  const env = (variable: string) =>
    /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)(_FILE)?$/.test(variable)
      ? keys.variables[variable]
      : context.env(variable);
  return await openStore(storeUrl({ ...store, ...said }), { ...context, env });
}

async function clusterCredentials(
  store: string,
  secrets: Readonly<Record<string, string>>,
  client: Pick<ClusterClient, "get">,
  { signal }: Pick<Context, "signal">,
): Promise<{ variables: Record<string, string>; secrets: string[] }> {
  const tried: string[] = [];
  for (const [namespace, name] of Object.entries(secrets)) {
    const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
    try {
      const found = await client.get<Secret>(ref, { signal });
      const variables = found === undefined ? undefined : variablesOf(found.data ?? {});
      if (variables !== undefined) return { variables, secrets: Object.values(variables) };
      tried.push(
        found === undefined
          ? `Secret ${namespace}/${name} is not there`
          : `Secret ${namespace}/${name} has neither ${
            storeKeys.join(" and ")
          } nor ${veleroCredentialsKey}`,
      );
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      tried.push(`Secret ${namespace}/${name}: ${messageOf(error)}`);
    }
  }
  throw new SlipwayError(
    `Cannot find the credentials of the store ${store} on the cluster: ${
      tried.length === 0 ? "the platform names no Secret with them" : tried.join("; ")
    }`,
    { remedy: `set ${storeKeys.join(" and ")} in the environment, or look after that Secret` },
  );
}

/** Either the variables themselves, or a credentials file. Source: AWS, "Configuration and credential file settings". */
function variablesOf(data: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const text = (key: string) =>
    data[key] === undefined
      ? undefined
      : new TextDecoder().decode(Uint8Array.fromBase64(data[key])).trim();
  const file = text(veleroCredentialsKey) ?? "";
  const ofFile = (key: string) =>
    new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)\\s*$`, "im").exec(file)?.[1];
  const variables = Object.fromEntries(
    [...storeKeys, "AWS_SESSION_TOKEN"].flatMap((key) => {
      const value = text(key) ?? ofFile(key.toLowerCase());
      return value === undefined || value === "" ? [] : [[key, value]];
    }),
  );
  return storeKeys.every((key) => variables[key] !== undefined) ? variables : undefined;
}
