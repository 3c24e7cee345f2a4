import {
  fieldManager,
  inventoryId,
  inventoryLabel,
  managedByLabel,
  partOfLabel,
  placeholderLabel,
  sharedAnnotation,
} from "../../core/labels.ts";
import { keyOf, type Manifest, refOf } from "../../core/object.ts";
import { matchesObject } from "../../core/object_pattern.ts";
import { type DeclaredSecret, declaredSecrets } from "../../platform/declared.ts";
import type { Platform } from "../../platform/types.ts";
import { allContainers, podSources } from "../../review/pods.ts";
import type { OperatorName } from "../../local/services/operators.ts";
import { placeholderCertificate } from "./placeholder_certificate.ts";
import { admittedOn } from "./simulated.ts";

/**
 * The Secrets that absent controllers would make of what a platform declares, with values that say they are
 * placeholders; those with a certificate only where a pod needs one, and none that one of `operators` makes. For
 * clusters where these controllers do not run; never for others, whose workloads would start with them.
 */
export async function placeholderSecrets(
  platform: Platform,
  manifests: readonly Manifest[],
  operators: readonly OperatorName[] = [],
): Promise<Manifest[]> {
  const isAdmitted = admittedOn({ embedded: true, operators }, manifests);
  const delivered = new Set(
    manifests.filter(({ kind }) => makers.includes(kind))
      .filter((manifest) => !isAdmitted(refOf(manifest)))
      .map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace}/${name}`),
  );
  const rendered = new Set(manifests.map((manifest) => keyOf(refOf(manifest))));
  const needed = secretsOfPods(manifests);
  const missing = declaredSecrets(platform).filter((secret) =>
    !rendered.has(keyOf({ apiVersion: "v1", kind: "Secret", ...secret })) &&
    !delivered.has(`${secret.madeBy} ${secret.namespace}/${secret.name}`) &&
    (!holdsCertificate(secret) || needed.has(`${secret.namespace}/${secret.name}`))
  );
  return await Promise.all(missing.map((secret) => placeholderOf(secret, platform)));
}

/** Kinds whose objects are named as the Secrets that are made of them, as the platform renders them. */
const makers = ["ExternalSecret", "SealedSecret", "Certificate"];

async function placeholderOf(secret: DeclaredSecret, platform: Platform): Promise<Manifest> {
  const { name, namespace, type, keys } = secret;
  const values = holdsCertificate(secret)
    ? await certificateValues(secret)
    : Object.fromEntries(keys.map((key) => [key, valueOf(type, key)]));
  const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
  const isShared = platform.shared.some((pattern) => matchesObject(pattern, ref));
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      ...(isShared ? { annotations: { [sharedAnnotation]: "true" } } : {}),
      labels: {
        [managedByLabel]: fieldManager,
        [partOfLabel]: platform.name,
        [inventoryLabel]: inventoryId(platform),
        [placeholderLabel]: "true",
      },
    },
    type,
    // `data`, not `stringData`: the server keeps only the former, and a plan compares with what it keeps.
    data: Object.fromEntries(Object.entries(values).map(([key, text]) => [key, encode(text)])),
  };
}

function holdsCertificate({ type, keys }: DeclaredSecret): boolean {
  return type === "kubernetes.io/tls" || (keys.includes("tls.crt") && keys.includes("tls.key"));
}

async function certificateValues(secret: DeclaredSecret): Promise<Record<string, string>> {
  const { name, namespace, type, keys, hosts = [`${name}.${namespace}.svc`] } = secret;
  const { certificate, key } = await placeholderCertificate(`${namespace}/${name}`, hosts);
  const known: Record<string, string> = {
    "tls.crt": certificate,
    "tls.key": key,
    "ca.crt": certificate,
  };
  return Object.fromEntries(keys.map((name) => [name, known[name] ?? valueOf(type, name)]));
}

function valueOf(type: string, key: string): string {
  if (type === "kubernetes.io/dockerconfigjson") return '{"auths":{}}';
  if (key.endsWith(".json")) return '{"placeholder":true}';
  return "placeholder";
}

/** Secrets that pods name, each as `namespace/name`. */
function secretsOfPods(manifests: readonly Manifest[]): Set<string> {
  const names = podSources(manifests).flatMap(({ namespace, spec }) =>
    [
      ...(spec.volumes ?? []).flatMap(secretsOfVolume),
      ...allContainers(spec).flatMap(({ env = [], envFrom = [] }) => [
        ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
        ...envFrom.map(({ secretRef }) => secretRef?.name),
      ]),
    ].map((name) => `${namespace}/${name}`)
  );
  return new Set(names);
}

/** Source: k8s.io/api, core/v1 SecretVolumeSource and ProjectedVolumeSource. */
function secretsOfVolume(
  { secret, projected }: {
    secret?: { secretName?: string };
    projected?: { sources?: readonly { secret?: { name?: string } }[] };
  },
): (string | undefined)[] {
  return [
    secret?.secretName,
    ...(projected?.sources ?? []).map((source) => source.secret?.name),
  ];
}

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
