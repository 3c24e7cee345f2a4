import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import type { ServiceHome } from "../../local/services/running.ts";
import type { SecretRef, Service, ServiceSecrets } from "../../local/services/service.ts";

/** Where a pod finds what its service account may use. Source: Kubernetes, "Accessing the Kubernetes API from a Pod". */
const accountFolder = "/run/secrets/kubernetes.io/serviceaccount";

/**
 * A kubelet renews the tokens of its pods; nobody stands beside a service to do so. It is held in memory only, and ends
 * with its account or its cluster.
 */
const tokenSeconds = 10 * 365 * 24 * 60 * 60;

/**
 * What the Secrets of a service hold now, and, where one is asked for, a new token of its account.
 *
 * @throws {SlipwayError} when a Secret or a key is missing
 */
export async function readServiceSecrets(
  home: ServiceHome,
  service: Service,
  client: ClusterClient | undefined,
  { redactor, signal }: Context,
  { token }: { token: boolean },
): Promise<ServiceSecrets> {
  const read = async (ref: SecretRef) => {
    const bytes = await secretBytes(clusterOf(service, client), service.name, ref, signal);
    const text = new TextDecoder().decode(bytes);
    // Certificates are public, and their first and last lines stand in others too.
    if (!ref.key.endsWith(".crt")) redactor.add(text);
    return { bytes, text };
  };
  const env: Record<string, string> = {};
  const files: Record<string, Uint8Array> = {};
  for (const [name, ref] of Object.entries(service.secretEnv ?? {})) {
    env[name] = (await read(ref)).text;
  }
  for (const [path, ref] of Object.entries(service.secretFiles ?? {})) {
    files[path] = (await read(ref)).bytes;
  }
  const { account } = service;
  if (account !== undefined && token) {
    const given = await clusterOf(service, client)
      .requestToken(account, { expirationSeconds: tokenSeconds, signal });
    redactor.add(given.token);
    const encode = (text: string) => new TextEncoder().encode(text);
    files[`${accountFolder}/token`] = encode(given.token);
    files[`${accountFolder}/namespace`] = encode(account.namespace);
    files[`${accountFolder}/ca.crt`] = await Deno.readFile(`${home.folder}/certs/ca.crt`);
  }
  return { env, files };
}

function clusterOf({ name }: Service, client: ClusterClient | undefined): ClusterClient {
  if (client !== undefined) return client;
  throw new SlipwayError(
    `Cannot start ${name}: it wants a service account or Secrets, and stands outside of any cluster`,
  );
}

async function secretBytes(
  client: ClusterClient,
  service: string,
  { namespace, secret, key }: SecretRef,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const ref = { apiVersion: "v1", kind: "Secret", namespace, name: secret };
  const found = await client.get<KubeObject & { data?: Record<string, string> }>(ref, { signal });
  const value = found?.data?.[key];
  if (value !== undefined) return Uint8Array.fromBase64(value);
  throw new SlipwayError(
    `Cannot start ${service}: ${
      found === undefined
        ? `there is no Secret ${namespace}/${secret}`
        : `Secret ${namespace}/${secret} has no key ${key}`
    }`,
    { remedy: "make it, and run the command again" },
  );
}
