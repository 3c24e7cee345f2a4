import type { Resources } from "./container.ts";
import type { KeyOfSecret } from "./edges_certificate.ts";

/** Files that Vault's Agent Injector renders into pods, under /vault/secrets. */
export interface VaultAgent {
  /** How the agent logs in. */
  auth: VaultAgentAuth;
  /** URL of Vault. @default that of the injector */
  address?: string;
  /** Secret of the pod's namespace with the authority of Vault's certificate. @default that of the platform's Vault there */
  caSecret?: KeyOfSecret;
  /** Files, by name. */
  files: Record<string, VaultAgentFile>;
  /** The files are needed at the start only: no agent stays beside the program. @default false */
  onlyAtStart?: boolean;
  /** Requests and limits of the agent's containers. @default 10m to 100m CPU, 64Mi to 128Mi memory */
  resources?: Resources;
}

/** Login by exactly one of `kubernetes` and `approle`. */
export interface VaultAgentAuth {
  /** With the token of the pod's service account. */
  kubernetes?: KubernetesLogin;
  /** With a role id and a secret id. */
  approle?: AppRoleLogin;
}

/** Source: Vault, "Kubernetes auth method". */
export interface KubernetesLogin {
  /** Role in Vault. */
  role: string;
  /** Mount of the method. @default kubernetes */
  path?: string;
  /** Audience that the role asks of tokens. @default the API server's own */
  audience?: string;
}

/** Source: Vault, "AppRole auth method" of Vault Agent's Auto-Auth. */
export interface AppRoleLogin {
  /** Mount of the method. @default approle */
  path?: string;
  /** Secret with the ids. */
  secret: string;
  /** Its key with the role id. @default role-id */
  roleIdKey?: string;
  /** Its key with the secret id. @default secret-id */
  secretIdKey?: string;
}

/** A file that the agent renders. */
export interface VaultAgentFile {
  /** Path in Vault of what it holds, such as `secret/data/shop/database` or `pki/issue/shop`. */
  path: string;
  /** Its text in the language of Consul Template. @default all keys and values, one a line */
  template?: string;
  /** Command in the agent's container after the file changed, such as `pkill -HUP shop`. */
  onChange?: string;
  /** Mode of the file, in octal. @default 0640 */
  mode?: string;
}
