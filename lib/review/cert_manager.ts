import type { Manifest } from "../core/object.ts";
import type { KnownPods } from "./known_pods.ts";

/** Port of the pods that answer HTTP-01 challenges. Source: cert-manager, pkg/issuer/acme/http/solver. */
const solverPort = 8089;

/** Pods that answer HTTP-01 challenges, beside each certificate whose issuer asks for them. Source: cert-manager, pkg/apis/acme/v1, DomainLabelKey and the like. */
export function solverPods(manifests: readonly Manifest[]): KnownPods[] {
  const issuers = manifests.filter(({ kind, ...issuer }) =>
    (kind === "ClusterIssuer" || kind === "Issuer") &&
    JSON.stringify(issuer["spec"] ?? {}).includes('"http01"')
  ).map(({ metadata }) => metadata.name);
  const namespaces = new Set(
    manifests.filter((manifest) => {
      const { issuerRef } = (manifest["spec"] ?? {}) as { issuerRef?: { name: string } };
      return manifest.kind === "Certificate" && issuers.includes(issuerRef?.name ?? "");
    }).map(({ metadata }) => metadata.namespace ?? "default"),
  );
  return [...namespaces].map((namespace) => ({
    namespace,
    labels: { "acme.cert-manager.io/http01-solver": "true" },
    ports: [{ containerPort: solverPort }],
  }));
}
