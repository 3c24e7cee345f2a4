import type { Manifest } from "../../../lib/core/object.ts";
import { withOneSource } from "../../../lib/platform/secret_source.ts";
import type {
  AwsSource,
  AzureSource,
  GcpSource,
  SecretStore as StoreOptions,
  VaultSource,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ClusterSecretStore, SecretStore, ServiceAccount } from "../types.ts";

type Provider = SecretStore["spec"] extends infer Spec | undefined
  ? Spec extends { provider: infer P } ? P : never
  : never;

/** A store of one namespace or of the whole cluster, with the service account that it brings along. */
export function secretStore(name: string, store: StoreOptions): Manifest[] {
  const options = withOneSource(store);
  const { namespace, usableFrom } = options;
  const accounts = ownAccount(name, options);
  const provider = providerOf(name, options);
  const apiVersion = "external-secrets.io/v1";
  if (options.scope === "namespace") {
    return [
      ...accounts,
      define<SecretStore>({
        apiVersion,
        kind: "SecretStore",
        metadata: { name, namespace },
        spec: { provider },
      }),
    ];
  }
  return [
    ...accounts,
    define<ClusterSecretStore>({
      apiVersion,
      kind: "ClusterSecretStore",
      metadata: { name },
      spec: {
        conditions: usableFrom && [{ namespaces: [...usableFrom] }],
        provider,
      },
    }),
  ];
}

/** A store of the whole cluster has no namespace of its own, so what it refers to says its one. */
function providerOf(name: string, options: StoreOptions): Provider {
  const { vault, aws, azure, gcp } = options;
  const at = options.scope === "cluster" ? { namespace: options.namespace } : {};
  if (vault !== undefined) return { vault: vaultProvider(name, vault, at) };
  if (aws !== undefined) return { aws: awsProvider(aws, at) };
  if (azure !== undefined) return { azurekv: azureProvider(azure, at) };
  return { gcpsm: gcpProvider(gcp!, at) };
}

type At = { namespace?: string };

function vaultProvider(name: string, vault: VaultSource, at: At): NonNullable<Provider["vault"]> {
  return {
    server: vault.server,
    path: vault.path,
    version: vault.version,
    caProvider: vault.caSecret && { type: "Secret", ...vault.caSecret, ...at },
    auth: {
      kubernetes: {
        mountPath: vault.authMountPath,
        role: vault.role,
        serviceAccountRef: { name: vault.serviceAccount ?? name, ...at },
      },
    },
  };
}

function awsProvider(aws: AwsSource, at: At): NonNullable<Provider["aws"]> {
  const { service, region, role, serviceAccount, credentials } = aws;
  if (credentials === undefined) {
    return {
      service,
      region,
      auth: { jwt: { serviceAccountRef: { name: serviceAccount!, ...at } } },
    };
  }
  const { secret, accessKeyIdKey, secretAccessKeyKey } = credentials;
  return {
    service,
    region,
    role,
    auth: {
      secretRef: {
        accessKeyIDSecretRef: { name: secret, key: accessKeyIdKey, ...at },
        secretAccessKeySecretRef: { name: secret, key: secretAccessKeyKey, ...at },
      },
    },
  };
}

function azureProvider(azure: AzureSource, at: At): NonNullable<Provider["azurekv"]> {
  const { vaultUrl, tenantId, serviceAccount, credentials } = azure;
  // The default of the definition is written out, so that a later default changes nothing.
  const common = { vaultUrl, tenantId, environmentType: "PublicCloud" as const };
  if (credentials === undefined) {
    return {
      ...common,
      authType: "WorkloadIdentity",
      serviceAccountRef: { name: serviceAccount!, ...at },
    };
  }
  const { secret, clientIdKey, clientSecretKey } = credentials;
  return {
    ...common,
    authType: "ServicePrincipal",
    authSecretRef: {
      clientId: { name: secret, key: clientIdKey, ...at },
      clientSecret: { name: secret, key: clientSecretKey, ...at },
    },
  };
}

function gcpProvider(gcp: GcpSource, at: At): NonNullable<Provider["gcpsm"]> {
  const { projectId, workloadIdentity, credentials } = gcp;
  if (credentials !== undefined) {
    const { secret, key } = credentials;
    return {
      projectID: projectId,
      auth: { secretRef: { secretAccessKeySecretRef: { name: secret, key, ...at } } },
    };
  }
  const { clusterName, clusterLocation, serviceAccount } = workloadIdentity!;
  return {
    projectID: projectId,
    auth: {
      workloadIdentity: {
        clusterName,
        clusterLocation,
        serviceAccountRef: { name: serviceAccount, ...at },
      },
    },
  };
}

/** The service account that a cloud's identity is bound to; a Vault's may be a workload's own. */
function ownAccount(
  name: string,
  { namespace, vault, aws, azure, gcp }: StoreOptions,
): Manifest[] {
  if (vault !== undefined) {
    return vault.serviceAccount === undefined ? [account(name, namespace)] : [];
  }
  if (aws?.serviceAccount !== undefined) {
    return [account(aws.serviceAccount, namespace, {
      "eks.amazonaws.com/role-arn": aws.role,
    })];
  }
  if (azure?.serviceAccount !== undefined) {
    // The directory is named in the store: named twice, External Secrets refuses it.
    return [account(azure.serviceAccount, namespace, {
      "azure.workload.identity/client-id": azure.clientId,
    })];
  }
  if (gcp?.workloadIdentity !== undefined) {
    return [account(gcp.workloadIdentity.serviceAccount, namespace, {
      "iam.gke.io/gcp-service-account": gcp.workloadIdentity.googleServiceAccount,
    })];
  }
  return [];
}

function account(
  name: string,
  namespace: string,
  annotations?: Record<string, string | undefined>,
): Manifest {
  return define<ServiceAccount>({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, namespace, annotations: annotations as Record<string, string> },
    // No pod runs under it: External Secrets asks for its tokens.
    automountServiceAccountToken: false,
  });
}
