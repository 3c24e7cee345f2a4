import type { Mistake, Path } from "../mistake.ts";
import { tenantOf } from "../routes.ts";
import type { Platform } from "../types.ts";

/** Whether a host is a domain, or a name below it. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** Whether a certificate for some names is good for a host. Source: RFC 6125, section 6.4.3. */
export function isCertified(host: string, names: readonly string[]): boolean {
  return names.includes(host) || names.includes(host.replace(/^[^.]+/, "*"));
}

/** Hosts of a namespace belong to its tenant's domain; those of others to the platform's, and to no tenant's. */
export function checkHosts(
  path: Path,
  hosts: readonly string[],
  namespace: string,
  platform: Pick<Platform, "domain" | "tenants">,
): Mistake[] {
  const tenant = tenantOf(platform, namespace);
  const domain = tenant?.[1].domain ?? platform.domain;
  const foreign = Object.entries(platform.tenants).filter(([name]) => name !== tenant?.[0]);
  return hosts.flatMap((host, index) => {
    const owner = foreign.find(([, other]) =>
      isWithin(host, other.domain) && !isWithin(domain, other.domain)
    );
    if (owner !== undefined) {
      return [{
        path: [...path, index],
        message: `${host} belongs to tenant ${owner[0]}, expected ${domain} or a name below it`,
      }];
    }
    return isWithin(host, domain) ? [] : [{
      path: [...path, index],
      message: `${host} is not in the domain of the ${
        tenant === undefined ? "platform" : `tenant ${tenant[0]}`
      }, expected ${domain} or a name below it`,
    }];
  });
}
