import { declaredSecrets } from "../declared.ts";
import { workloadsOf } from "../apps/parts.ts";
import type { Mistake, Path } from "../mistake.ts";
import { withOneSource } from "../secret_source.ts";
import type {
  AwsCredentials,
  AzureCredentials,
  GcpCredentials,
  Platform,
  SecretStore,
} from "../types.ts";
import { serviceAccountOf } from "../workloads.ts";
import { refer, within } from "./reference.ts";

/** A store needs what it logs in with; a cloud's service account must be its own, since it carries the cloud's identity. */
export function checkSecretStores(platform: Platform): Mistake[] {
  return Object.entries(platform.secretStores).flatMap(([name, store]) => [
    ...checkScope(name, store, platform),
    ...checkLogin(name, withOneSource(store), platform),
  ]);
}

function checkScope(
  name: string,
  { scope, usableFrom }: SecretStore,
  { namespaces }: Platform,
): Mistake[] {
  const path = ["secretStores", name, "usableFrom"];
  if (usableFrom === undefined) return [];
  if (scope === "namespace") {
    return [{
      path,
      message: "expected only with scope: cluster; this store serves its own namespace",
      atKey: true,
    }];
  }
  return usableFrom.flatMap((namespace, index) =>
    refer([...path, index], namespace, Object.keys(namespaces), "namespace")
  );
}

function checkLogin(name: string, store: SecretStore, platform: Platform): Mistake[] {
  const { namespace, vault, aws, azure, gcp } = store;
  const path = ["secretStores", name];
  if (vault !== undefined) {
    return vault.serviceAccount === undefined ? [] : refer(
      [...path, "vault", "serviceAccount"],
      vault.serviceAccount,
      workloadAccounts(platform, namespace),
      `service account in namespace ${namespace}`,
    );
  }
  const [source, cloud] = aws !== undefined
    ? ["aws", aws] as const
    : azure !== undefined
    ? ["azure", azure] as const
    : ["gcp", gcp] as const;
  const account = gcp?.workloadIdentity?.serviceAccount ?? aws?.serviceAccount ??
    azure?.serviceAccount;
  const at = [...path, source, ...(source === "gcp" ? ["workloadIdentity"] : [])];
  return [
    ...checkCredentials([...path, source, "credentials"], namespace, cloud?.credentials, platform),
    ...checkIdentity(path, store),
    ...(account !== undefined && workloadAccounts(platform, namespace).includes(account)
      ? [{
        path: [...at, "serviceAccount"],
        message:
          `${account} is a workload's, expected one of the store's own: it gets the cloud's identity`,
      }]
      : []),
  ];
}

type StoreCredentials = AwsCredentials | AzureCredentials | GcpCredentials;

/** A service account without an identity of the cloud opens nothing. */
function checkIdentity(path: Path, { aws, azure }: SecretStore): Mistake[] {
  if (aws?.serviceAccount !== undefined && aws.role === undefined) {
    return [{
      path: [...path, "aws", "role"],
      message: "missing, expected the ARN of the role that serviceAccount takes on",
    }];
  }
  if (azure?.serviceAccount !== undefined && azure.clientId === undefined) {
    return [{
      path: [...path, "azure", "clientId"],
      message: "missing, expected the id of the identity that trusts serviceAccount",
    }];
  }
  return [];
}

function checkCredentials(
  path: Path,
  namespace: string,
  credentials: StoreCredentials | undefined,
  platform: Platform,
): Mistake[] {
  if (credentials === undefined) return [];
  const { secret, ...keys } = credentials;
  const known = declaredSecrets(platform).filter((declared) => declared.namespace === namespace);
  const found = known.find(({ name }) => name === secret);
  if (found === undefined) {
    return refer(
      [...path, "secret"],
      secret,
      known.map(({ name }) => name),
      `secret in namespace ${namespace}`,
    );
  }
  return Object.entries(keys).flatMap(([field, key]) =>
    refer([...path, field], key, found.keys, `key of secret ${secret}`)
  );
}

function workloadAccounts(platform: Platform, namespace: string): string[] {
  return within(workloadsOf(platform), namespace)
    .map(([name, workload]) => serviceAccountOf(name, workload));
}
