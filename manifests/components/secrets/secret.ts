import type { Manifest } from "../../../lib/core/object.ts";
import type {
  ExternalSecret as SecretOptions,
  PullSecret,
  SecretSource,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ExternalSecret } from "../types.ts";

/** An ExternalSecret whose Secret has the same name and says which keys it will have. */
export function externalSecret(
  name: string,
  options: SecretOptions,
  storeKind: "SecretStore" | "ClusterSecretStore" = "SecretStore",
): Manifest[] {
  const { pullSecret, type } = options;
  return [define<ExternalSecret>({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace: options.namespace },
    spec: {
      refreshInterval: options.refreshInterval,
      secretStoreRef: { kind: storeKind, name: options.store },
      target: {
        name,
        creationPolicy: "Owner",
        deletionPolicy: "Retain",
        template: pullSecret !== undefined
          ? pullSecretTemplate(pullSecret)
          : type !== undefined
          ? { type, engineVersion: "v2", mergePolicy: "Replace" }
          : undefined,
      },
      // The defaults of the definition are written out, so that a later default changes nothing.
      data: sourcesOf(options).map(([secretKey, { path, property }]) => ({
        secretKey,
        remoteRef: {
          key: path,
          property,
          conversionStrategy: "Default",
          decodingStrategy: "None",
          metadataPolicy: "None",
        },
      })),
    },
  })];
}

/** Each key that is fetched, and where it is read. */
function sourcesOf({ from = "", keys, keysFrom, pullSecret }: SecretOptions) {
  if (keysFrom !== undefined) return Object.entries(keysFrom);
  const names = keys ??
    (pullSecret === undefined ? [] : [pullSecret.usernameKey, pullSecret.passwordKey]);
  return names.map((key): [string, SecretSource] => [key, { path: from, property: key }]);
}

/** The values go through toJson, so that a quote in a password cannot break out of its string. */
function pullSecretTemplate({ registry, usernameKey, passwordKey }: PullSecret) {
  const [user, password] = [`(index . "${usernameKey}")`, `(index . "${passwordKey}")`];
  const auth = `{{ printf "%s:%s" ${user} ${password} | b64enc | toJson }}`;
  return {
    type: "kubernetes.io/dockerconfigjson",
    engineVersion: "v2" as const,
    mergePolicy: "Replace" as const,
    data: {
      ".dockerconfigjson": `{"auths":{${
        JSON.stringify(registry)
      }:{"username":{{ ${user} | toJson }},"password":{{ ${password} | toJson }},"auth":${auth}}}}`,
    },
  };
}
