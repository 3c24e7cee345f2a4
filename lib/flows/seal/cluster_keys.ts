import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { messageOf, SlipwayError } from "../../core/errors.ts";
import type { KubeObject } from "../../core/object.ts";
import { hasReason } from "../../core/status_error.ts";
import type { Document } from "../../seal/document.ts";
import {
  byAge,
  type ControllerKey,
  controllerKeyOf,
  keyLabel,
  legacyKeyName,
} from "../../seal/keyring.ts";

/** A key of a controller, as its cluster has it. */
export interface ClusterKey extends ControllerKey {
  /** The Secret as the server has it. */
  object: KubeObject;
}

/**
 * All keys of a controller, the newest first: every Secret with the label, whatever its value, and the legacy one.
 * The redactor knows their private parts then.
 *
 * @throws {SlipwayError} when Secrets may not be read there, or one holds no key
 */
export async function clusterKeys(
  client: ClusterClient,
  namespace: string,
  { signal, redactor }: Pick<Context, "signal" | "redactor">,
): Promise<ClusterKey[]> {
  const kind = { apiVersion: "v1", kind: "Secret", namespace };
  try {
    const [labelled, legacy] = await Promise.all([
      client.list({ ...kind, labelSelector: keyLabel }, { signal }),
      client.get({ ...kind, name: legacyKeyName }, { signal }),
    ]);
    const isListed = labelled.items.some(({ metadata: { name } }) => name === legacyKeyName);
    const objects = legacy === undefined || isListed ? labelled.items : [...labelled.items, legacy];
    return byAge(
      await Promise.all(objects.map(async (object) => {
        const key = await controllerKeyOf(documentOf(object));
        redactor.add(new TextDecoder().decode(key.secret.values.get("tls.key")));
        return { ...key, object };
      })),
    );
  } catch (error) {
    if (!hasReason(error, "Forbidden")) throw error;
    throw new SlipwayError(
      `Cannot read the sealing keys in namespace ${namespace}: ${messageOf(error)}`,
      {
        remedy:
          `have an administrator allow you get and list on secrets in ${namespace}: who may do so can open all that is sealed`,
        cause: error,
      },
    );
  }
}

/** An object of the cluster as a document. */
export function documentOf(object: KubeObject): Document {
  const { name, namespace } = object.metadata;
  return {
    value: object as unknown as Record<string, unknown>,
    place: `Secret ${namespace}/${name}`,
    document: 0,
    path: [],
  };
}
