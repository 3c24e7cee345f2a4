import type { ConnectionConfig } from "./connection.ts";
import type { Redactor } from "../../core/redact.ts";
import { messageOf, UsageError } from "../../core/errors.ts";
import { tokenFileCredentials } from "./auth_token_file.ts";

/** Where a pod finds its service account. Source: kubernetes.io/docs/tasks/run-application/access-api-from-pod. */
const folder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What {@linkcode inClusterConnection} needs. */
export interface InClusterOptions {
  /** The value of an environment variable. */
  env: (name: string) => string | undefined;
  /** Learns the service account's tokens. */
  redactor: Redactor;
  /** Reads a text file. @default Deno.readTextFile */
  readFile?: (path: string) => Promise<string>;
  /** The time now. @default Temporal.Now.instant */
  now?: () => Temporal.Instant;
}

/**
 * The connection that a pod has by its service account; undefined outside of a cluster.
 *
 * @throws {UsageError} when the environment says that this is a pod, but the service account is not mounted
 */
export async function inClusterConnection(
  options: InClusterOptions,
): Promise<ConnectionConfig | undefined> {
  const { env, redactor, readFile = Deno.readTextFile, now = Temporal.Now.instant } = options;
  const host = env("KUBERNETES_SERVICE_HOST");
  const port = env("KUBERNETES_SERVICE_PORT");
  if (!host || !port) return undefined;
  try {
    const credentials = tokenFileCredentials({ path: `${folder}/token`, readFile, now, redactor });
    await credentials.current();
    return {
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      contextName: "in-cluster",
      namespace: (await readFile(`${folder}/namespace`)).trim() || "default",
      caPem: await readFile(`${folder}/ca.crt`),
      credentials,
    };
  } catch (error) {
    throw new UsageError(
      `Cannot use this pod's service account in ${folder}: ${messageOf(error)}`,
      {
        remedy: "leave automountServiceAccountToken on for this pod, or give a kubeconfig",
        cause: error,
      },
    );
  }
}
