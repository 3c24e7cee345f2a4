import { sealedItemsAnnotation } from "../../../lib/core/labels.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import { unsealedMark } from "../../../lib/platform/sealed.ts";
import type { SealedSecret as SealedOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { SealedSecret } from "../types.ts";

/** A SealedSecret whose Secret has the same name. Keys that are not sealed yet have a mark in place of a value. */
export function sealedSecret(name: string, options: SealedOptions): Manifest[] {
  const { namespace, scope, type, labels, keys, sealed, sealedWith = {} } = options;
  const records = keys.filter((key) => sealedWith[key] !== undefined).toSorted()
    .map((key) => `${key} ${sealedWith[key]}\n`).join("");
  const annotations = scope === "strict"
    ? undefined
    // Source: sealed-secrets, "Scopes".
    : { [`sealedsecrets.bitnami.com/${scope}`]: "true" };
  return [define<SealedSecret>({
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: {
      name,
      namespace,
      annotations: records === ""
        ? annotations
        : { ...annotations, [sealedItemsAnnotation]: records },
    },
    spec: {
      encryptedData: Object.fromEntries(keys.map((key) => [key, sealed[key] ?? unsealedMark])),
      template: { metadata: { name, namespace, labels, annotations }, type },
    },
  })];
}
