import { createHash } from "node:crypto";
import type { ClusterClient } from "../../core/cluster.ts";
import type { Context } from "../../core/context.ts";
import { SlipwayError } from "../../core/errors.ts";
import { managedByLabel } from "../../core/labels.ts";
import type { KubeObject, Manifest, ObjectRef } from "../../core/object.ts";
import { throwIfNotReady, waitUntilGone, waitUntilReady } from "../../kube/wait/wait.ts";
import type { ClaimName, VolumeClaim } from "./claims.ts";
import { claimsOfStatefulSet } from "./claims.ts";
import { setWithSize, type VolumeSet } from "./expansion.ts";

/** How long a StatefulSet may take to go and to be back, in milliseconds. */
const replaceTimeoutMs = 5 * 60_000;

/** Key of the Secret that keeps a StatefulSet while it is away. */
const keptKey = "stateful-set.json";

interface Kept extends KubeObject {
  data?: Record<string, string>;
}

/** A template of claims, and the StatefulSet that has it. */
export interface ClaimTemplate {
  /** Reference of the StatefulSet. */
  set: ObjectRef & { namespace: string };
  /** Name of the template. */
  template: string;
}

/** The template that a claim was made of; undefined where it was made of none. */
export async function templateOf(
  client: ClusterClient,
  { namespace, name }: ClaimName,
  signal: AbortSignal,
): Promise<ClaimTemplate | undefined> {
  const type = { apiVersion: "apps/v1", kind: "StatefulSet", namespace };
  const { items } = await client.list<VolumeSet>(type, { signal });
  for (const { metadata, spec } of items) {
    for (const { metadata: { name: template } } of spec.volumeClaimTemplates ?? []) {
      const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name } };
      if (claimsOfStatefulSet([claim], metadata.name, template).length > 0) {
        return { set: { ...type, name: metadata.name }, template };
      }
    }
  }
  return undefined;
}

/** All claims that were made of a template. */
export async function claimsOfTemplate(
  client: ClusterClient,
  { set, template }: ClaimTemplate,
  signal: AbortSignal,
): Promise<VolumeClaim[]> {
  const { items } = await client.list<VolumeClaim>({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace: set.namespace,
  }, { signal });
  return claimsOfStatefulSet(items, set.name, template);
}

/**
 * Make a StatefulSet anew with a bigger template, since templates cannot be changed. Its pods go on running. It is kept
 * in a Secret while it is away, so that a run after one that was killed brings it back.
 *
 * @returns whether it was made anew
 * @throws {SlipwayError} when an operator owns it
 */
export async function growTemplate(
  client: ClusterClient,
  { set: ref, template }: ClaimTemplate,
  size: string,
  context: Context,
): Promise<boolean> {
  const { signal } = context;
  const found = await client.get<VolumeSet>(ref, { signal });
  if (found === undefined) return false;
  const next = setWithSize(found, template, size);
  if (next === undefined) return false;
  const owner = found.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner !== undefined) {
    throw new SlipwayError(
      `Cannot change the volumes of StatefulSet ${ref.namespace}/${ref.name}: ${owner.kind} ${owner.name} owns it`,
      { remedy: `set the new size in ${owner.kind} ${owner.name}, by the platform file` },
    );
  }
  const kept = keptRef(ref);
  await client.apply({
    apiVersion: kept.apiVersion,
    kind: kept.kind,
    metadata: {
      namespace: kept.namespace,
      name: kept.name,
      labels: { [managedByLabel]: "slipway" },
    },
    stringData: { [keptKey]: JSON.stringify(next) },
  }, { signal, force: true });
  await client.delete(ref, { uid: found.metadata.uid, propagation: "Orphan", signal });
  throwIfNotReady(
    await waitUntilGone(client, [ref], { ...context, timeoutMs: replaceTimeoutMs }),
  );
  await bringBack(client, next, context);
  await client.delete(kept, { signal });
  return true;
}

/**
 * Bring back the StatefulSets of a namespace that a killed run has left away.
 *
 * @returns their names
 */
export async function bringBackAll(
  client: ClusterClient,
  namespace: string,
  context: Context,
): Promise<string[]> {
  const { signal } = context;
  const { items } = await client.list<Kept>({
    apiVersion: "v1",
    kind: "Secret",
    namespace,
    labelSelector: `${managedByLabel}=slipway`,
  }, { signal });
  const back: string[] = [];
  for (const { metadata, data } of items) {
    const text = data?.[keptKey];
    if (text === undefined) continue;
    const set = JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text))) as Manifest;
    const ref = { apiVersion: set.apiVersion, kind: set.kind, namespace, name: set.metadata.name };
    const found = await client.get(ref, { signal });
    // One that was told to go is gone a moment later, and then nobody would have it.
    const isGoing = found?.metadata.deletionTimestamp !== undefined;
    if (isGoing) {
      throwIfNotReady(
        await waitUntilGone(client, [ref], { ...context, timeoutMs: replaceTimeoutMs }),
      );
    }
    if (found === undefined || isGoing) {
      await bringBack(client, set, context);
      back.push(set.metadata.name);
    }
    await client.delete({ apiVersion: "v1", kind: "Secret", namespace, name: metadata.name }, {
      signal,
    });
  }
  return back;
}

async function bringBack(
  client: ClusterClient,
  set: Manifest,
  context: Context,
): Promise<void> {
  const { apiVersion, kind, metadata } = await client.create(set, { signal: context.signal });
  const ref = { apiVersion, kind, namespace: metadata.namespace!, name: metadata.name };
  throwIfNotReady(
    await waitUntilReady(client, [ref], { ...context, timeoutMs: replaceTimeoutMs }),
  );
}

function keptRef({ namespace, name }: ClaimTemplate["set"]): ObjectRef & { namespace: string } {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 10);
  return { apiVersion: "v1", kind: "Secret", namespace, name: `slipway-expand-${hash}` };
}
