/** Field manager of all that Slipway applies. */
export const fieldManager = "slipway";

/** Label that every rendered object carries, with the value {@linkcode fieldManager}. Source: Kubernetes' recommended labels. */
export const managedByLabel = "app.kubernetes.io/managed-by";

/** Label that names the platform an object is part of. Source: Kubernetes' recommended labels. */
export const partOfLabel = "app.kubernetes.io/part-of";

/** Label with the inventory that owns an object, `<platform>.<environment>`; prune goes by it. */
export const inventoryLabel = "slipway.dev/inventory";

/** The inventory of a platform's environment, as its label, its record and its lease name it. */
export function inventoryId(platform: { name: string; environment: string }): string {
  return `${platform.name}.${platform.environment}`;
}

/** Annotation that keeps an object from being pruned, with the value `true`. */
export const keepAnnotation = "slipway.dev/keep";

/** Annotation of objects that several inventories may name, with the value `true`: the first brings it, the last removes it. */
export const sharedAnnotation = "slipway.dev/shared";

/** Helm's annotation to the same end, with the value `keep`. Source: Helm's "Tell Helm Not To Uninstall a Resource". */
export const helmKeepAnnotation = "helm.sh/resource-policy";

/** Label of Secrets whose values are placeholders, with the value `true`; only the embedded cluster has them. */
export const placeholderLabel = "slipway.dev/placeholder";

/** Annotation of a SealedSecret that says of its items what cannot be seen from them; `lib/seal/record.ts` has its format. */
export const sealedItemsAnnotation = "slipway.dev/sealed-items";

/** Namespace of Slipway's own objects on a cluster: inventories and leases. */
export const systemNamespace = "slipway";

/** Label of a namespace with its tenant's domain, by which admission tells whose a host is. */
export const domainLabel = "slipway.dev/domain";
