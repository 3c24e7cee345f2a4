import type { Mistake, Path } from "../mistake.ts";
import { certificatesOf } from "../routes.ts";
import type { Certificate, Platform } from "../types.ts";
import { checkHosts } from "./hosts.ts";
import { refer } from "./reference.ts";

/** Certificates must come from an issuer that may give them, for names that it can vouch for. */
export function checkCertificates(platform: Platform): Mistake[] {
  return [
    ...Object.entries(certificatesOf(platform)).flatMap(([name, certificate]) => {
      const declared = name in platform.certificates;
      const tenant = Object.entries(platform.tenants).find(([, { namespaces, issuer }]) =>
        namespaces[0] === certificate.namespace && issuer === certificate.issuer
      );
      const path = declared ? ["certificates", name] : ["tenants", tenant?.[0] ?? name];
      return checkCertificate(path, certificate, declared, platform);
    }),
    ...Object.entries(platform.tenants).flatMap(([name]) =>
      `${name}-wildcard` in platform.certificates
        ? [{
          path: ["certificates", `${name}-wildcard`],
          message: `tenant ${name} has a certificate of this name, expected another name`,
          atKey: true,
        }]
        : []
    ),
  ];
}

function checkCertificate(
  path: Path,
  certificate: Certificate,
  declared: boolean,
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
  // Authorities of one's own may vouch for any name, such as that of a Service.
  const isPublic = issuer.server !== undefined;
  const validDays = durationDays ?? 90;
  return [
    ...(isPublic && declared ? checkHosts([...path, "hosts"], hosts, namespace, platform) : []),
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
