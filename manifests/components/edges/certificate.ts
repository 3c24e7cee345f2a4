import type { Manifest } from "../../../lib/core/object.ts";
import type { Certificate as CertificateOptions, Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Certificate } from "../types.ts";

/** A Certificate, in a Secret of the same name. */
export function certificate(
  name: string,
  options: CertificateOptions,
  issuers: Platform["issuers"],
): Manifest[] {
  const { durationDays, renewBeforeDays } = options;
  const isNamespaced = issuers[options.issuer]?.namespace !== undefined;
  return [define<Certificate>({
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name, namespace: options.namespace },
    spec: {
      secretName: name,
      commonName: options.commonName,
      dnsNames: [...options.hosts],
      issuerRef: {
        kind: isNamespaced ? "Issuer" : "ClusterIssuer",
        name: options.issuer,
        group: "cert-manager.io",
      },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      duration: durationDays === undefined ? undefined : hours(durationDays),
      renewBefore: renewBeforeDays === undefined ? undefined : hours(renewBeforeDays),
      isCA: options.isCa,
      usages: options.usages && ["digital signature", "key encipherment", ...options.usages],
    },
  })];
}

/** cert-manager reads durations as Go writes them, which know no days. */
function hours(days: number): string {
  return `${days * 24}h`;
}
