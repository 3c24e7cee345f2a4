import type { Manifest } from "../../../lib/core/object.ts";
import type { Certificate as CertificateOptions, Issuer } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Certificate, ClusterIssuer } from "../types.ts";

/** A ClusterIssuer that shows control of a host by HTTP-01 through the ingress controller. */
export function issuer(name: string, options: Issuer, ingressClassName: string): Manifest[] {
  return [define<ClusterIssuer>({
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name },
    spec: {
      acme: {
        server: options.server,
        email: options.email,
        privateKeySecretRef: { name: `${name}-account` },
        solvers: [{ http01: { ingress: { ingressClassName } } }],
      },
    },
  })];
}

/** A Certificate, in a Secret of the same name. */
export function certificate(name: string, options: CertificateOptions): Manifest[] {
  return [define<Certificate>({
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name, namespace: options.namespace },
    spec: {
      secretName: name,
      dnsNames: [...options.hosts],
      issuerRef: { kind: "ClusterIssuer", name: options.issuer, group: "cert-manager.io" },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    },
  })];
}
