import type { Manifest } from "../../lib/core/object.ts";
import { inventoryLabel, managedByLabel, partOfLabel } from "../../lib/core/labels.ts";
import { toYaml } from "../../lib/flows/render/render.ts";

/** Folders from which other tools render what Slipway renders for one environment of one platform. */
export interface PeerInput {
  /** Name of the platform and its environment. */
  name: string;
  /** Folder of a Helm chart, with a template for each object. */
  chart: string;
  /** Folder of a Kustomize overlay over a base with a file for each object. */
  overlay: string;
}

const ours = [managedByLabel, partOfLabel, inventoryLabel];

/**
 * Write a chart and an overlay that give as many objects, each tool setting what Slipway sets by code: the
 * namespace comes from values or stands in the base, and the labels that all objects have come from a helper or the overlay.
 */
export async function writePeerInput(
  folder: string,
  name: string,
  manifests: readonly Manifest[],
): Promise<PeerInput> {
  const chart = `${folder}/${name}/chart`;
  const base = `${folder}/${name}/base`;
  const overlay = `${folder}/${name}/overlay`;
  for (const made of [`${chart}/templates`, base, overlay]) {
    await Deno.mkdir(made, { recursive: true });
  }
  const labels = Object.fromEntries(
    ours.map((label) => [label, manifests[0]?.metadata.labels?.[label] ?? name]),
  );
  const files = manifests.map((_manifest, index) => `object-${index}.yaml`);
  for (const [index, manifest] of manifests.entries()) {
    const [text] = [await toYaml([withoutOurs(manifest)])];
    await Deno.writeTextFile(`${base}/${files[index]}`, text);
    await Deno.writeTextFile(`${chart}/templates/${files[index]}`, templateOf(text));
  }
  const write = async (file: string, object: unknown) =>
    await Deno.writeTextFile(file, `${JSON.stringify(object)}\n`);
  await write(`${chart}/Chart.yaml`, { apiVersion: "v2", name, version: "0.1.0" });
  await write(`${chart}/values.yaml`, { labels });
  await Deno.writeTextFile(
    `${chart}/templates/_labels.tpl`,
    '{{- define "labels" -}}\n{{- toYaml .Values.labels }}\n{{- end -}}\n',
  );
  const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
  await write(`${base}/kustomization.yaml`, { ...kustomization, resources: files });
  await write(`${overlay}/kustomization.yaml`, {
    ...kustomization,
    resources: ["../base"],
    labels: [{ pairs: labels }],
  });
  return { name, chart, overlay };
}

function withoutOurs(manifest: Manifest): Manifest {
  const { labels = {}, ...metadata } = manifest.metadata;
  const rest = Object.entries(labels).filter(([label]) => !ours.includes(label));
  return { ...manifest, metadata: { ...metadata, labels: Object.fromEntries(rest) } };
}

/** Braces of others' templates stay as they are, and the labels come from the helper. */
function templateOf(text: string): string {
  return text
    .replaceAll("{{", "\u0000")
    .replaceAll("}}", '{{ "}}" }}')
    .replaceAll("\u0000", '{{ "{{" }}')
    .replace(/^( {2})labels:( \{\})?\n/m, '$1labels:\n{{ include "labels" . | indent 4 }}\n');
}
