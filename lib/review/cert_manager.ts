import type { Manifest } from "../core/object.ts";
import type { KnownPods } from "./view.ts";

/** Port of the pods that answer HTTP-01 challenges. Source: cert-manager, pkg/issuer/acme/http/solver. */
const solverPort = 8089;

/** Pods that answer HTTP-01 challenges, in each namespace with a certificate. Source: cert-manager, pkg/apis/acme/v1, DomainLabelKey and the like. */
export function solverPods(manifests: readonly Manifest[]): KnownPods[] {
  const solves = manifests.some(({ kind, ...issuer }) =>
    (kind === "ClusterIssuer" || kind === "Issuer") &&
    JSON.stringify(issuer["spec"] ?? {}).includes('"http01"')
  );
  const namespaces = new Set(
    manifests.filter(({ kind }) => kind === "Certificate")
      .map(({ metadata }) => metadata.namespace ?? "default"),
  );
  if (!solves) return [];
  return [...namespaces].map((namespace) => ({
    namespace,
    labels: { "acme.cert-manager.io/http01-solver": "true" },
    ports: [{ containerPort: solverPort }],
  }));
}
