import type { ClusterClient, PodContainer } from "../../core/cluster.ts";
import { SlipwayError, UsageError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import { componentLabels, postgresLabels } from "../../platform/data_names.ts";
import type { Postgres } from "../../platform/types.ts";

interface Pod extends KubeObject {
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}

/**
 * The pod of a Postgres that takes writes.
 *
 * @throws {SlipwayError} when there is none, or it is not ready
 */
export async function primaryPod(
  client: ClusterClient,
  name: string,
  declared: Postgres,
  signal: AbortSignal,
): Promise<PodContainer> {
  const { namespace } = declared;
  const labelSelector = Object.entries(primaryLabels(name, declared))
    .map(([key, value]) => `${key}=${value}`).join(",");
  const { items } = await client.list<Pod>(
    { apiVersion: "v1", kind: "Pod", namespace, labelSelector },
    { signal },
  );
  const ready = items.find(({ status, metadata }) =>
    metadata.deletionTimestamp === undefined &&
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
  );
  if (ready !== undefined) return { namespace, name: ready.metadata.name, container: "postgres" };
  const found = items.map(({ metadata, status }) => `${metadata.name} is ${status?.phase}`);
  throw new SlipwayError(
    `Cannot find the primary of postgres/${name} in the namespace ${namespace}: ${
      found.length === 0
        ? `no pod has the labels ${labelSelector}`
        : `no pod is ready: ${found.join(", ")}`
    }`,
    { remedy: "see with `deno task status` what it waits for", retryable: true },
  );
}

/** Sources: Postgres Operator, `pod_role_label`; CloudNativePG, "Labels and Annotations". */
function primaryLabels(name: string, declared: Postgres): Record<string, string> {
  switch (declared.kind) {
    case "statefulset":
      return componentLabels("postgres", name, "server");
    case "zalando":
      return { ...postgresLabels(name, declared), "spilo-role": "master" };
    case "cnpg":
      return { ...postgresLabels(name, declared), "cnpg.io/instanceRole": "primary" };
  }
}

/**
 * Role that a Postgres lets in without a password from its own pod: its superuser. That of a server of the platform's
 * own has the name that its Secret says; operators call it `postgres`.
 *
 * @throws {UsageError} when the Secret may not be read, or says nothing
 */
export async function superuserOf(
  client: ClusterClient,
  declared: Postgres,
  signal: AbortSignal,
): Promise<string> {
  if (declared.kind !== "statefulset") return "postgres";
  const { namespace, secret } = declared;
  const remedy = "name the server's superuser with --role";
  const ref = { apiVersion: "v1", kind: "Secret", namespace, name: secret.name };
  let found: (KubeObject & { data?: Record<string, string> }) | undefined;
  try {
    found = await client.get(ref, { signal });
  } catch (error) {
    if (!hasReason(error, "Forbidden")) throw error;
    throw new UsageError(
      `Cannot tell the superuser's name: the Secret ${namespace}/${secret.name} may not be read`,
      { remedy, cause: error },
    );
  }
  const value = found?.data?.[secret.userKey];
  if (value !== undefined) return new TextDecoder().decode(Uint8Array.fromBase64(value));
  throw new UsageError(
    `Cannot tell the superuser's name: the Secret ${namespace}/${secret.name} ${
      found === undefined ? "is not there" : `has no key ${secret.userKey}`
    }`,
    { remedy },
  );
}
