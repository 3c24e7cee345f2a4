import { appsOf } from "../apps/parts.ts";
import type { Mistake, Path } from "../mistake.ts";
import { podContainers } from "../pod_containers.ts";
import type { IdentityProvider, Mail, Platform } from "../types.ts";
import { checkPodSecurity } from "./pod_security.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";
import { keysNeeded } from "./secret_keys.ts";

/** Ready-made programs need the Secrets and the storage class that they name, and a namespace that lets them run. */
export function checkApps(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.identityProviders).flatMap(([name, options]) =>
      checkIdentityProvider(["identityProviders", name], options, platform)
    ),
    ...Object.entries(platform.mail).flatMap(([name, options]) =>
      checkMail(["mail", name], options, platform)
    ),
    ...checkAlias(platform),
    ...appsOf(platform).flatMap(({ path, workloads }) =>
      checkSecurity(path, Object.entries(workloads), platform)
    ),
  ];
}

function checkIdentityProvider(
  path: Path,
  options: IdentityProvider,
  platform: Platform,
): Mistake[] {
  const { postgres, redis, secret, clients, namespace } = options;
  const needs = keysNeeded(namespace, platform);
  return [
    ...needs([...path, "postgres"], "secret", postgres.secret, {
      userKey: postgres.userKey ?? "username",
      passwordKey: postgres.passwordKey ?? "password",
    }),
    ...(redis?.secret === undefined ? [] : needs([...path, "redis"], "secret", redis.secret, {
      passwordKey: redis.passwordKey ?? "password",
    })),
    ...needs([...path, "secret"], "name", secret.name, {
      secretKeyKey: secret.secretKeyKey ?? "secret-key",
      bootstrapPasswordKey: secret.bootstrapPasswordKey,
    }),
    ...Object.entries(clients).flatMap(([client, { secret }]) =>
      secret === undefined
        ? []
        : needs([...path, "clients", client, "secret"], "name", secret.name, { key: secret.key })
    ),
    ...(["server", "worker"] as const).flatMap((part) =>
      checkResources([...path, part, "resources"], options[part].resources)
    ),
    ...checkHost([...path, "host"], options.host, platform),
  ];
}

function checkMail(path: Path, options: Mail, platform: Platform): Mistake[] {
  const { certificate, secret, storage, hostnames, namespace } = options;
  const needs = keysNeeded(namespace, platform);
  const given = platform.storageClasses[storage.storageClass]?.accessModes;
  const at = [...path, "storage", "storageClass"];
  return [
    ...needs(path, "certificate", certificate, { certificate: "tls.crt" }),
    ...needs([...path, "secret"], "name", secret.name, {
      secretKeyKey: secret.secretKeyKey ?? "secret-key",
      adminPasswordKey: secret.adminPasswordKey,
    }),
    ...refer(at, storage.storageClass, Object.keys(platform.storageClasses), "storage class"),
    ...(given?.includes("ReadWriteOnce") === false
      ? [{
        path: at,
        message:
          `storage class ${storage.storageClass} cannot give ReadWriteOnce, expected one that can`,
      }]
      : []),
    ...Object.entries(options.resources ?? {}).flatMap(([part, resources]) =>
      resources === undefined ? [] : checkResources([...path, "resources", part], resources)
    ),
    ...hostnames.flatMap((host, index) => checkHost([...path, "hostnames", index], host, platform)),
  ];
}

function checkHost(path: Path, host: string, { domain }: Platform): Mistake[] {
  return host === domain || host.endsWith(`.${domain}`) ? [] : [{
    path,
    message: `${host} is outside of ${domain}, expected ${domain} or a name below it`,
  }];
}

/** A name that is an alias can have no other record, and those of a domain of mail have several. Source: RFC 1034, section 3.6.2. */
function checkAlias({ dns, mail, routes, domain }: Platform): Mistake[] {
  if (dns?.alias === undefined) return [];
  const apexes = [domain, ...Object.values(mail).map((options) => options.domain)];
  return Object.entries(routes).flatMap(([name, { hosts }]) =>
    hosts.flatMap((host, index) =>
      apexes.includes(host)
        ? [{
          path: ["routes", name, "hosts", index],
          message: `${host} has records of its own and cannot be an alias of ${dns.alias}, ` +
            "expected dns.addresses in place of dns.alias",
        }]
        : []
    )
  );
}

/** All parts need the same of their namespace: one mistake for each program is enough. */
function checkSecurity(
  path: Path,
  workloads: [name: string, workload: Platform["workloads"][string]][],
  platform: Platform,
): Mistake[] {
  const mistakes = workloads.flatMap(([name, workload]) =>
    checkPodSecurity(path, podContainers(path, name, workload), workload, platform)
  );
  const [first] = mistakes;
  return first === undefined ? [] : [{ ...first, path: [...path, "namespace"], atKey: false }];
}
