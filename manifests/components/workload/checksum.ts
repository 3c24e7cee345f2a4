import { createHash } from "node:crypto";
import type { Manifest } from "../../../lib/core/object.ts";

/** Annotation with the checksum of all that pods read at their start, which makes pods of older texts out of date. */
export const configChecksumAnnotation = "slipway.dev/config-checksum";

/** Kinds whose pods are replaced when their template changes. */
const rolling = ["Deployment", "StatefulSet", "DaemonSet"];

interface PodTemplate {
  metadata?: { annotations?: Record<string, string> };
  spec?: Record<string, unknown>;
}

/**
 * The same manifests, with a checksum in the template of each pod that takes variables or files from a
 * ConfigMap or Secret among them, so that pods are replaced when one changes. A Secret counts that is made from a
 * SealedSecret or ExternalSecret: by the ciphertext, or by what is fetched from where. Templates that have
 * the annotation already keep it.
 */
export function withChecksums(manifests: readonly Manifest[]): Manifest[] {
  const sources = sourcesOf(manifests);
  return manifests.map((manifest) => {
    if (!rolling.includes(manifest.kind)) return manifest;
    const spec = manifest["spec"] as { template: PodTemplate };
    const read = [...new Set(referencesOf(spec.template.spec))]
      .map((reference) => `${manifest.metadata.namespace}/${reference}`)
      .filter((reference) => sources.has(reference))
      .sort();
    const { metadata = {} } = spec.template;
    if (read.length === 0 || metadata.annotations?.[configChecksumAnnotation] !== undefined) {
      return manifest;
    }
    const hash = createHash("sha256");
    for (const reference of read) hash.update(`${reference} ${sources.get(reference)}\n`);
    const annotations = {
      ...metadata.annotations,
      [configChecksumAnnotation]: hash.digest("hex"),
    };
    return {
      ...manifest,
      spec: {
        ...spec,
        template: { ...spec.template, metadata: { ...metadata, annotations } },
      },
    };
  });
}

/** What the manifests say of each ConfigMap and Secret, by `namespace/kind/name`. */
function sourcesOf(manifests: readonly Manifest[]): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { kind, metadata, ...body } of manifests) {
    const said = kind === "ConfigMap" || kind === "Secret"
      ? [body["data"], body["binaryData"], body["stringData"]]
      : kind === "SealedSecret" || kind === "ExternalSecret"
      ? body["spec"]
      : undefined;
    if (said === undefined) continue;
    const made = kind === "ExternalSecret"
      ? (said as { target?: { name?: string } }).target?.name ?? metadata.name
      : metadata.name;
    const key = `${metadata.namespace}/${kind === "ConfigMap" ? kind : "Secret"}/${made}`;
    sources.set(key, JSON.stringify(said));
  }
  return sources;
}

/** Fields of a pod that name a ConfigMap or a Secret, with the key of the name. Source: k8s.io/api, core/v1 PodSpec. */
const references: Readonly<Record<string, readonly [kind: string, key: string]>> = {
  configMap: ["ConfigMap", "name"],
  configMapRef: ["ConfigMap", "name"],
  configMapKeyRef: ["ConfigMap", "name"],
  secret: ["Secret", "secretName"],
  secretRef: ["Secret", "name"],
  secretKeyRef: ["Secret", "name"],
};

function referencesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const [kind, key] = references[field] ?? [];
    const name = kind === undefined ? undefined : nameIn(inner, key!) ?? nameIn(inner, "name");
    return name === undefined ? referencesOf(inner) : [`${kind}/${name}`];
  });
}

function nameIn(value: unknown, key: string): string | undefined {
  const name = (value as Record<string, unknown> | null | undefined)?.[key];
  return typeof name === "string" ? name : undefined;
}
