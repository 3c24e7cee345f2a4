import type { Mistake, Path } from "../mistake.ts";
import { certificatesOf, tenantCertificate } from "../routes.ts";
import type { Certificate, Platform } from "../types.ts";
import { checkHosts } from "./hosts.ts";
import { refer } from "./reference.ts";

/** Certificates must come from an issuer that may give them, for names that it can vouch for. */
export function checkCertificates(platform: Platform): Mistake[] {
  const all = certificatesOf(platform);
  return [
    ...Object.entries(platform.certificates).flatMap(([name, certificate]) => [
      ...checkCertificate(["certificates", name], certificate, platform),
      ...checkNames(["certificates", name, "hosts"], certificate, platform),
    ]),
    ...Object.keys(platform.tenants).flatMap((tenant) => {
      const name = tenantCertificate(tenant);
      return [
        ...checkCertificate(["tenants", tenant], all[name]!, platform),
        ...(name in platform.certificates
          ? [{
            path: ["certificates", name],
            message: `tenant ${tenant} has a certificate of this name, expected another name`,
            atKey: true,
          }]
          : []),
      ];
    }),
  ];
}

/** Authorities of one's own may vouch for any name, such as that of a Service; public ones for the platform's. */
function checkNames(
  path: Path,
  { hosts, namespace, issuer }: Certificate,
  platform: Platform,
): Mistake[] {
  const isPublic = platform.issuers[issuer]?.server !== undefined;
  return isPublic ? checkHosts(path, hosts, namespace, platform) : [];
}

function checkCertificate(
  path: Path,
  certificate: Certificate,
  platform: Platform,
): Mistake[] {
  const { hosts, namespace, durationDays, renewBeforeDays } = certificate;
  const issuer = platform.issuers[certificate.issuer];
  const unknown = refer(
    [...path, "issuer"],
    certificate.issuer,
    Object.keys(platform.issuers),
    "issuer",
  );
  if (issuer === undefined) return unknown;
  const validDays = durationDays ?? 90;
  return [
    ...(issuer.challenge === "http01" && hosts.some((host) => host.startsWith("*."))
      ? [{
        path: [...path, "issuer"],
        message: `${certificate.issuer} shows control of a host by HTTP, which cannot be done for ${
          hosts.find((host) => host.startsWith("*."))
        }, expected an issuer with dns01`,
      }]
      : []),
    ...(issuer.namespace !== undefined && issuer.namespace !== namespace
      ? [{
        path: [...path, "issuer"],
        message:
          `${certificate.issuer} serves namespace ${issuer.namespace} only, expected one for ${namespace}`,
      }]
      : []),
    ...(renewBeforeDays !== undefined && renewBeforeDays >= validDays
      ? [{
        path: [...path, "renewBeforeDays"],
        message:
          `${renewBeforeDays} days before its end is before its beginning, expected less than ${validDays}`,
      }]
      : []),
  ];
}
