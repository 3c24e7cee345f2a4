/** What a kubeconfig for one user of a cluster says; the PEM texts go into it. */
export interface KubeconfigInput {
  /** Name of the cluster; context and user are named after it. */
  cluster: string;
  /** URL of the API server. */
  server: string;
  /** Certificate of the authority that signed the server's. */
  authority: string;
  /** Certificate of the user. */
  certificate: string;
  /** Key of the user. */
  key: string;
}

/**
 * A kubeconfig that needs no other file.
 * Source: k8s.io/client-go, tools/clientcmd/api/v1 Config.
 */
export function kubeconfig(input: KubeconfigInput): string {
  const base64 = (pem: string) => new TextEncoder().encode(pem).toBase64();
  return `apiVersion: v1
kind: Config
current-context: ${input.cluster}
clusters:
  - name: ${input.cluster}
    cluster:
      server: ${input.server}
      certificate-authority-data: ${base64(input.authority)}
contexts:
  - name: ${input.cluster}
    context:
      cluster: ${input.cluster}
      user: ${input.cluster}
users:
  - name: ${input.cluster}
    user:
      client-certificate-data: ${base64(input.certificate)}
      client-key-data: ${base64(input.key)}
`;
}

/**
 * How the API server encrypts Secrets in etcd, with a key of 32 bytes. What was written before
 * encryption was on stays readable.
 * Source: k8s.io/apiserver, pkg/apis/apiserver/v1 EncryptionConfiguration.
 */
export function encryptionConfig(key: Uint8Array): string {
  return `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - name: key-1
              secret: ${key.toBase64()}
      - identity: {}
`;
}

/**
 * What the API server writes down: who did what to which URL, never bodies, which may hold secrets.
 * What the control plane reads for itself is left out: it is most of the traffic and tells nothing.
 * Source: k8s.io/apiserver, pkg/apis/audit/v1 Policy.
 */
export const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
omitManagedFields: true
rules:
  - level: None
    nonResourceURLs: ["/readyz*", "/livez*", "/healthz*"]
  - level: None
    userGroups: ["system:serviceaccounts:kube-system"]
    verbs: [get, list, watch]
  - level: None
    users:
      - system:apiserver
      - system:kube-controller-manager
      - system:kube-scheduler
      - slipway-kwok
      - slipway-node-agent
    verbs: [get, list, watch]
  - level: Metadata
`;
