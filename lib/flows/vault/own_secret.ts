import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import {
  fieldManager,
  keepAnnotation,
  managedByLabel,
  placeholderLabel,
} from "../../core/labels.ts";
import type { KubeObject, ObjectRef } from "../../core/object.ts";
import { madeByLabel } from "../made_by.ts";

/** A Secret of a cluster, as far as it is read. */
export interface SecretObject extends KubeObject {
  /** Its values, in base64. */
  data?: Record<string, string>;
  /** Its type. */
  type?: string;
}

/** A Secret that an installation makes. */
export interface OwnSecret {
  /** Namespace. */
  namespace: string;
  /** Name. */
  name: string;
  /** Type. @default Opaque */
  type?: string;
  /** Its values, as text. */
  values: Readonly<Record<string, string>>;
}

/** The values of a Secret as text; undefined where there is none, or only a placeholder of it. */
export async function readOwnSecret(
  cluster: ClusterClient,
  { namespace, name }: { namespace: string; name: string },
  { signal }: Pick<Context, "signal">,
): Promise<Record<string, string> | undefined> {
  const found = await cluster.get<SecretObject>(secretRef(namespace, name), { signal });
  if (found === undefined || isPlaceholder(found)) return undefined;
  return Object.fromEntries(
    Object.entries(found.data ?? {}).map(([key, value]) => [key, decode(value)]),
  );
}

/**
 * Bring a Secret to these values, and leave other keys of it alone. A placeholder makes room. It belongs to no
 * inventory, so that no apply prunes it. Returns whether anything was written.
 */
export async function writeOwnSecret(
  cluster: ClusterClient,
  { namespace, name, type = "Opaque", values }: OwnSecret,
  { signal }: Pick<Context, "signal">,
): Promise<boolean> {
  const ref = secretRef(namespace, name);
  const found = await cluster.get<SecretObject>(ref, { signal });
  const data = Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, new TextEncoder().encode(text).toBase64()]),
  );
  const labels = { [managedByLabel]: fieldManager, [madeByLabel]: "install-vault" };
  const annotations = { [keepAnnotation]: "true" };
  if (found !== undefined && !isPlaceholder(found)) {
    const same = Object.entries(data).every(([key, value]) => found.data?.[key] === value);
    if (same) return false;
    await cluster.patch(ref, { metadata: { labels, annotations }, data }, { signal });
    return true;
  }
  if (found !== undefined) {
    const { uid } = found.metadata;
    await cluster.delete(ref, { uid, signal });
  }
  const metadata = { namespace, name, labels, annotations };
  await cluster.create({ apiVersion: "v1", kind: "Secret", metadata, type, data }, { signal });
  return true;
}

function secretRef(namespace: string, name: string): ObjectRef {
  return { apiVersion: "v1", kind: "Secret", namespace, name };
}

function isPlaceholder({ metadata }: KubeObject): boolean {
  return metadata.labels?.[placeholderLabel] === "true";
}

function decode(base64: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(base64));
}
