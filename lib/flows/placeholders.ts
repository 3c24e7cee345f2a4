import { inventoryLabel, managedByLabel, partOfLabel, placeholderLabel } from "../core/labels.ts";
import { groupOf, type Manifest } from "../core/object.ts";

/** Source: external-secrets.io/v1 ExternalSecret, as far as the Secret it makes depends on it. */
interface ExternalSecretSpec {
  target?: {
    name?: string;
    template?: { type?: string; data?: Record<string, string> };
  };
  data?: { secretKey: string }[];
}

/**
 * The Secrets that External Secrets would make of the ExternalSecrets among some manifests, with values
 * that say they are placeholders. For clusters where that controller does not run; never for
 * others, whose workloads would start with them.
 */
export function placeholderSecrets(manifests: readonly Manifest[]): Manifest[] {
  return manifests
    .filter(({ apiVersion, kind }) =>
      kind === "ExternalSecret" && groupOf(apiVersion) === "external-secrets.io"
    )
    .map(placeholderOf);
}

function placeholderOf(external: Manifest): Manifest {
  const { target = {}, data = [] } = external["spec"] as ExternalSecretSpec;
  const type = target.template?.type ?? "Opaque";
  const keys = Object.keys(target.template?.data ?? {});
  const names = keys.length > 0 ? keys : data.map(({ secretKey }) => secretKey);
  const labels = external.metadata.labels ?? {};
  const inherited = [managedByLabel, partOfLabel, inventoryLabel]
    .filter((label) => labels[label] !== undefined)
    .map((label) => [label, labels[label]!]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: target.name ?? external.metadata.name,
      namespace: external.metadata.namespace,
      labels: { ...Object.fromEntries(inherited), [placeholderLabel]: "true" },
    },
    type,
    // `data`, not `stringData`: the server keeps only the former, and a plan compares with what it keeps.
    data: Object.fromEntries(names.map((name) => [name, encode(placeholderValue(type, name))])),
  };
}

function placeholderValue(type: string, key: string): string {
  if (type === "kubernetes.io/dockerconfigjson") return '{"auths":{}}';
  if (key.endsWith(".json")) return '{"placeholder":true}';
  return "placeholder";
}

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
