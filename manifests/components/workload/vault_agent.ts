import type { RunAs, VaultAgent } from "../../../lib/platform/types.ts";
import type { Volume, VolumeMount } from "../types.ts";

const annotation = "vault.hashicorp.com/";

/** Where the injector mounts the Secret of `agent-extra-secret` in its own containers. */
const extraSecretPath = "/vault/custom";

/** Where the injector mounts the Secret of `tls-secret` in its own containers. */
const tlsSecretPath = "/vault/tls";

const tokenVolume = "vault-token";

/**
 * Annotations by which the injector adds its agent to a pod. The agent runs as the program's own user, who
 * may read the files that it writes and signal the program, and as the `restricted` level wants it.
 * Source: Vault Agent Injector, "Annotations"; Vault Agent, "Auto-Auth Method: AppRole".
 */
export function vaultAgentAnnotations(
  { auth, address, caSecret, files, onlyAtStart, resources = defaultResources }: VaultAgent,
  { user, group }: RunAs,
): Record<string, string> {
  const values: Record<string, string | undefined> = {
    "agent-inject": "true",
    // Other init containers may need the files too.
    "agent-init-first": "true",
    "agent-pre-populate-only": onlyAtStart === true ? "true" : undefined,
    "agent-set-security-context": "true",
    "agent-run-as-user": String(user),
    "agent-run-as-group": String(group),
    "agent-service-account-token-volume-name": tokenVolume,
    "agent-requests-cpu": resources.requests.cpu,
    "agent-requests-mem": resources.requests.memory,
    "agent-limits-cpu": resources.limits.cpu,
    "agent-limits-mem": resources.limits.memory,
    "service": address,
    "tls-secret": caSecret?.name,
    "ca-cert": caSecret && `${tlsSecretPath}/${caSecret.key}`,
    ...login(auth),
    "preserve-secret-case": Object.keys(files).some((name) => /[A-Z]/.test(name))
      ? "true"
      : undefined,
    "agent-share-process-namespace":
      Object.values(files).some(({ onChange }) => onChange !== undefined) ? "true" : undefined,
    ...Object.assign(
      {},
      ...Object.entries(files).map(([name, { path, template, onChange, mode }]) => ({
        [`agent-inject-secret-${name}`]: path,
        [`agent-inject-template-${name}`]: template,
        [`agent-inject-command-${name}`]: onChange,
        [`agent-inject-perms-${name}`]: mode ?? "0640",
      })),
    ),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[`${annotation}${key}`, value]]
    ),
  );
}

const defaultResources: NonNullable<VaultAgent["resources"]> = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "100m", memory: "128Mi" },
};

function login({ kubernetes, approle }: VaultAgent["auth"]): Record<string, string> {
  if (kubernetes !== undefined) {
    return {
      "auth-type": "kubernetes",
      "auth-path": `auth/${kubernetes.path ?? "kubernetes"}`,
      "role": kubernetes.role,
    };
  }
  const { path, secret, roleIdKey, secretIdKey } = approle!;
  return {
    "auth-type": "approle",
    "auth-path": `auth/${path ?? "approle"}`,
    "agent-extra-secret": secret,
    "auth-config-role-id-file-path": `${extraSecretPath}/${roleIdKey ?? "role-id"}`,
    "auth-config-secret-id-file-path": `${extraSecretPath}/${secretIdKey ?? "secret-id"}`,
    // A mounted Secret is read-only; the agent would fail to remove the file.
    "auth-config-remove-secret-id-file-after-reading": "false",
  };
}

/**
 * A token for the agent alone. Pods have no other one, and the injector refuses a pod without any, whatever
 * its way of login. @ignore
 */
export function vaultToken({ auth }: VaultAgent): { volume: Volume; mount: VolumeMount } {
  return {
    volume: {
      name: tokenVolume,
      projected: {
        sources: [{
          serviceAccountToken: {
            path: "token",
            audience: auth.kubernetes?.audience,
            expirationSeconds: 3600,
          },
        }],
      },
    },
    mount: {
      name: tokenVolume,
      mountPath: "/var/run/secrets/vault.hashicorp.com/serviceaccount",
      readOnly: true,
    },
  };
}
