import type { ClusterClient } from "../../core/cluster.ts";
import { fieldManager, managedByLabel } from "../../core/labels.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import { AlreadyStored } from "../../store/errors.ts";
import type { Store } from "../../store/store.ts";

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

/**
 * A store in one Secret of a cluster, with an object for each key. All who may read Secrets of its namespace can read
 * what is in it. Names have no folders.
 */
export function createSecretStore(
  cluster: ClusterClient,
  { namespace, name }: { namespace: string; name: string },
): Store {
  const ref: ObjectRef = { apiVersion: "v1", kind: "Secret", namespace, name };
  const url = `secret://${namespace}/${name}`;

  async function data(signal?: AbortSignal): Promise<Record<string, string>> {
    return (await cluster.get<Secret>(ref, { signal }))?.data ?? {};
  }

  async function ensure(signal?: AbortSignal): Promise<void> {
    if (await cluster.get(ref, { signal }) !== undefined) return;
    const metadata = { namespace, name, labels: { [managedByLabel]: fieldManager } };
    try {
      await cluster.create({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" }, {
        signal,
      });
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
  }

  return {
    url,
    async put(key, body, { ifAbsent, signal } = {}) {
      const bytes = body instanceof Uint8Array ? body : await new Response(body).bytes();
      await ensure(signal);
      if (ifAbsent && key in await data(signal)) throw new AlreadyStored(key, url);
      await cluster.patch(ref, { data: { [key]: bytes.toBase64() } }, { signal });
    },
    async get(key, { signal } = {}) {
      const found = (await data(signal))[key];
      return found === undefined ? undefined : Uint8Array.fromBase64(found);
    },
    async open(key, { signal } = {}) {
      const found = (await data(signal))[key];
      return found === undefined ? undefined : new Blob([Uint8Array.fromBase64(found)]).stream();
    },
    async list(prefix, { signal } = {}) {
      const found = await cluster.get<Secret>(ref, { signal });
      const modifiedAt = Temporal.Instant.from(
        found?.metadata.creationTimestamp ?? "1970-01-01T00:00:00Z",
      );
      return Object.entries(found?.data ?? {})
        .filter(([key]) => key.startsWith(prefix))
        .toSorted(([a], [b]) => a < b ? -1 : 1)
        .map(([key, value]) => ({
          name: key,
          sizeBytes: Uint8Array.fromBase64(value).length,
          modifiedAt,
        }));
    },
    async delete(key, { signal } = {}) {
      if (!(key in await data(signal))) return false;
      await cluster.patch(ref, { data: { [key]: null } }, { signal });
      return true;
    },
    // A patch is whole or not at all.
    sweep: () => Promise.resolve(0),
  };
}
