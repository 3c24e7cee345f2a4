import type { ClusterClient } from "../../core/cluster.ts";
import { placeholderLabel } from "../../core/labels.ts";
import { keyOf, type KubeObject, type Manifest, refOf } from "../../core/object.ts";
import type { OperatorName } from "../../local/services/operators.ts";
import { outOfReach } from "./simulated.ts";

/** Kinds of which operators make Secrets, and those that decide whether they can. */
const sources: Readonly<Record<OperatorName, { apiVersion: string; kinds: readonly string[] }>> = {
  "sealed-secrets": { apiVersion: "bitnami.com/v1alpha1", kinds: ["SealedSecret"] },
  "external-secrets": { apiVersion: "external-secrets.io/v1", kinds: ["ExternalSecret"] },
  "cert-manager": {
    apiVersion: "cert-manager.io/v1",
    kinds: ["Certificate", "Issuer", "ClusterIssuer"],
  },
};

/** Placeholders without those in whose place the cluster has a real Secret by now. */
export async function withoutReal(
  client: ClusterClient,
  placeholders: readonly Manifest[],
  signal: AbortSignal,
): Promise<Manifest[]> {
  if (placeholders.length === 0) return [];
  const { items } = await client.list({ apiVersion: "v1", kind: "Secret" }, { signal });
  const real = new Set(
    items.filter((secret) => !isPlaceholder(secret)).map((secret) => keyOf(refOf(secret))),
  );
  return placeholders.filter((placeholder) => !real.has(keyOf(refOf(placeholder))));
}

/** Delete the placeholders of Secrets that an operator can make now: it leaves alone what it did not make. */
export async function makeRoomFor(
  operator: OperatorName,
  client: ClusterClient,
  signal: AbortSignal,
): Promise<void> {
  const secrets = await client.list({
    apiVersion: "v1",
    kind: "Secret",
    labelSelector: `${placeholderLabel}=true`,
  }, { signal });
  if (secrets.items.length === 0) return;
  const { apiVersion, kinds } = sources[operator];
  const lists = await Promise.all(
    kinds.map((kind) => client.list({ apiVersion, kind }, { signal })),
  );
  const objects = lists.flatMap(({ items }) => items);
  const unreachable = outOfReach(objects);
  const made = new Set(
    objects.filter((object) => object.kind === kinds[0] && !unreachable.has(keyOf(refOf(object))))
      .map((object) => `${object.metadata.namespace}/${secretNameOf(object)}`),
  );
  for (const secret of secrets.items) {
    const { namespace, name, uid } = secret.metadata;
    if (made.has(`${namespace}/${name}`)) await client.delete(refOf(secret), { uid, signal });
  }
}

/** Source: the specifications of ExternalSecret and Certificate; a SealedSecret has the name of its Secret. */
function secretNameOf(object: KubeObject): string {
  const { secretName, target } = (object["spec"] ?? {}) as {
    secretName?: string;
    target?: { name?: string };
  };
  return secretName ?? target?.name ?? object.metadata.name;
}

function isPlaceholder({ metadata }: KubeObject): boolean {
  return metadata.labels?.[placeholderLabel] === "true";
}
