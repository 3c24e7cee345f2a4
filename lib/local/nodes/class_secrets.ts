import type { Claim, StorageClass } from "./storage.ts";

/** Where a Secret is. */
export interface SecretPlace {
  /** Namespace of the Secret. */
  namespace: string;
  /** Name of the Secret. */
  name: string;
}

const prefix = "csi.storage.k8s.io/";

/** Whom a class has a Secret for. */
export type SecretUser =
  | "provisioner"
  | "node-stage"
  | "node-publish"
  | "controller-publish"
  | "controller-expand";

/** The field of a volume that names a user's Secret. */
const fields: Readonly<Record<SecretUser, string | undefined>> = {
  "provisioner": undefined,
  "node-stage": "nodeStageSecretRef",
  "node-publish": "nodePublishSecretRef",
  "controller-publish": "controllerPublishSecretRef",
  "controller-expand": "controllerExpandSecretRef",
};

/**
 * The Secret that a class has for one user, with the claim's and volume's names filled in.
 * Source: kubernetes-csi, "StorageClass Secrets".
 */
export function classSecret(
  user: SecretUser,
  { parameters = {} }: Pick<StorageClass, "parameters">,
  claim: Claim,
  volume: string,
): SecretPlace | undefined {
  const fill = (text: string) =>
    text.replaceAll("${pvc.namespace}", claim.metadata.namespace ?? "")
      .replaceAll("${pvc.name}", claim.metadata.name)
      .replaceAll("${pv.name}", volume);
  const name = parameters[`${prefix}${user}-secret-name`];
  const namespace = parameters[`${prefix}${user}-secret-namespace`];
  if (name === undefined || namespace === undefined) return undefined;
  return { namespace: fill(namespace), name: fill(name) };
}

/** What a CSI volume says of a class's parameters: its Secrets by reference, and the rest as attributes of the driver. */
export function csiFields(
  storageClass: Pick<StorageClass, "parameters">,
  claim: Claim,
  volume: string,
): Record<string, unknown> {
  const attributes = Object.entries(storageClass.parameters ?? {})
    .filter(([key]) => !key.startsWith(prefix));
  const references = Object.entries(fields).flatMap(([user, field]) => {
    const secret = classSecret(user as SecretUser, storageClass, claim, volume);
    return field === undefined || secret === undefined ? [] : [[field, secret] as const];
  });
  return {
    ...attributes.length === 0 ? {} : { volumeAttributes: Object.fromEntries(attributes) },
    ...Object.fromEntries(references),
  };
}
