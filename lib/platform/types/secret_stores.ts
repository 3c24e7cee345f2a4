import type { KeyOfSecret } from "./edges_certificate.ts";

/** Where External Secrets reads from: one of `vault`, `aws`, `azure`, `gcp`; of several, the one that `use` names. */
export interface SecretStore {
  /** Whether only ExternalSecrets of its namespace may use it, or those of the whole cluster. */
  scope: "namespace" | "cluster";
  /** Namespace of what it logs in with, and with the scope `namespace` its own. */
  namespace: string;
  /** With the scope `cluster`: the namespaces whose ExternalSecrets may use it. @default all */
  usableFrom?: string[];
  /** Which of the sources it reads from, where several are given; an environment can choose another by this word. */
  use?: "vault" | "aws" | "azure" | "gcp";
  /** The KV engine of a HashiCorp Vault. */
  vault?: VaultSource;
  /** AWS Secrets Manager, or Parameter Store. */
  aws?: AwsSource;
  /** An Azure Key Vault. */
  azure?: AzureSource;
  /** Google Cloud's Secret Manager. */
  gcp?: GcpSource;
}

/** Source: External Secrets, "HashiCorp Vault" provider with Kubernetes authentication. */
export interface VaultSource {
  /** URL of Vault. */
  server: string;
  /** Mount path of the KV engine. */
  path: string;
  /** Version of the KV engine. */
  version: "v1" | "v2";
  /** Mount path of Vault's Kubernetes auth method. */
  authMountPath: string;
  /** Role to log in with. */
  role: string;
  /** Service account whose token proves who asks, one of a workload's. @default one of the store's name, made for it */
  serviceAccount?: string;
  /** Secret of the store's namespace with the authority of Vault's certificate. @default that of the platform's Vault at `server` */
  caSecret?: KeyOfSecret;
}

/** Exactly one of `serviceAccount` and `credentials`. Source: External Secrets, "AWS Secrets Manager" provider. */
export interface AwsSource {
  /** Region, such as `eu-central-1`. */
  region: string;
  /** Which of the two services. */
  service: "SecretsManager" | "ParameterStore";
  /** ARN of the IAM role that reads. */
  role?: string;
  /** Service account, made for this store, that takes on the role (EKS). */
  serviceAccount?: string;
  /** Access keys in a Secret, for clusters elsewhere. */
  credentials?: AwsCredentials;
}

/** Keys of a Secret in the store's namespace. */
export interface AwsCredentials {
  /** Name of the Secret. */
  secret: string;
  /** Key with the access key id. */
  accessKeyIdKey: string;
  /** Key with the secret access key. */
  secretAccessKeyKey: string;
}

/** Exactly one of `serviceAccount` and `credentials`. Source: External Secrets, "Azure Key Vault" provider. */
export interface AzureSource {
  /** URL of the key vault, such as `https://acme.vault.azure.net`. */
  vaultUrl: string;
  /** Id of the directory. */
  tenantId: string;
  /** Id of the application or managed identity that reads; needed with `serviceAccount`. */
  clientId?: string;
  /** Service account, made for this store, that the identity trusts (AKS). */
  serviceAccount?: string;
  /** A service principal in a Secret, for clusters elsewhere. */
  credentials?: AzureCredentials;
}

/** Keys of a Secret in the store's namespace. */
export interface AzureCredentials {
  /** Name of the Secret. */
  secret: string;
  /** Key with the client id. */
  clientIdKey: string;
  /** Key with the client secret. */
  clientSecretKey: string;
}

/** Exactly one of `workloadIdentity` and `credentials`. Source: External Secrets, "Google Cloud Secret Manager" provider. */
export interface GcpSource {
  /** Project that holds the secrets. */
  projectId: string;
  /** Identity by a cluster of Google Cloud. */
  workloadIdentity?: GcpWorkloadIdentity;
  /** A service account's key in a Secret, for clusters elsewhere. */
  credentials?: GcpCredentials;
}

/** Who asks, where the cluster is one of Google Cloud (GKE). */
export interface GcpWorkloadIdentity {
  /** Name of the cluster. */
  clusterName: string;
  /** Region or zone of the cluster. */
  clusterLocation: string;
  /** Service account, made for this store. */
  serviceAccount: string;
  /** Google service account that it acts as, such as `reader@acme.iam.gserviceaccount.com`. */
  googleServiceAccount: string;
}

/** A key of a Secret in the store's namespace. */
export interface GcpCredentials {
  /** Name of the Secret. */
  secret: string;
  /** Key with the JSON key of a Google service account. */
  key: string;
}
