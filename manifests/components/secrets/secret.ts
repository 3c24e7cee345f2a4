import type { Manifest } from "../../../lib/core/object.ts";
import type {
  ExternalSecret as SecretOptions,
  PullSecret,
  SecretStore as StoreOptions,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ExternalSecret, SecretStore } from "../types.ts";

/** A SecretStore on Vault's KV engine, with Kubernetes authentication. Source: External Secrets, "HashiCorp Vault" provider. */
export function secretStore(name: string, options: StoreOptions): Manifest[] {
  return [define<SecretStore>({
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name, namespace: options.namespace },
    spec: {
      provider: {
        vault: {
          server: options.server,
          path: options.path,
          version: options.version,
          auth: {
            kubernetes: {
              mountPath: options.authMountPath,
              role: options.role,
              serviceAccountRef: { name: options.serviceAccount },
            },
          },
        },
      },
    },
  })];
}

/** An ExternalSecret whose Secret has the same name and says which keys it will have. */
export function externalSecret(name: string, options: SecretOptions): Manifest[] {
  const { pullSecret } = options;
  const keys = options.keys ??
    (pullSecret === undefined ? [] : [pullSecret.usernameKey, pullSecret.passwordKey]);
  return [define<ExternalSecret>({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace: options.namespace },
    spec: {
      refreshInterval: options.refreshInterval,
      secretStoreRef: { kind: "SecretStore", name: options.store },
      target: {
        name,
        creationPolicy: "Owner",
        deletionPolicy: "Retain",
        template: pullSecret === undefined ? undefined : pullSecretTemplate(pullSecret),
      },
      // The defaults of the definition are written out, so that a later default changes nothing.
      data: keys.map((key) => ({
        secretKey: key,
        remoteRef: {
          key: options.from,
          property: key,
          conversionStrategy: "Default",
          decodingStrategy: "None",
          metadataPolicy: "None",
        },
      })),
    },
  })];
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
