import { declaredServices } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform } from "../types.ts";
import { refer, within } from "./reference.ts";
import { checkService } from "./services.ts";

/** Routes must lead to a service, with a certificate for each host. */
export function checkRoutes(platform: Platform): Mistake[] {
  const services = declaredServices(platform);
  const routes = Object.entries(platform.routes);
  return [
    ...(routes.length > 0 && platform.ingress === undefined
      ? [{ path: ["ingress"], message: "missing, expected because there are routes" }]
      : []),
    ...(platform.ingress === undefined ? [] : refer(
      ["ingress", "peer"],
      platform.ingress.peer,
      Object.keys(platform.peers),
      "peer",
    )),
    ...routes.flatMap(([name, route]) => {
      const path = ["routes", name];
      const here = services.filter(({ namespace }) => namespace === route.namespace);
      const known = here.some((service) => service.name === route.service);
      const certificates = within(platform.certificates, route.namespace);
      const certified = platform.certificates[route.certificate]?.hosts ?? route.hosts;
      return [
        ...checkService(
          [...path, known ? "port" : "service"],
          route.service,
          route.port,
          here,
        ),
        ...checkHosts([...path, "hosts"], route.hosts, platform.domain),
        ...route.middlewares.flatMap((middleware, index) =>
          refer(
            [...path, "middlewares", index],
            middleware,
            Object.keys(platform.middlewares),
            "middleware",
          )
        ),
        ...refer(
          [...path, "certificate"],
          route.certificate,
          certificates.map(([certificate]) => certificate),
          `certificate in namespace ${route.namespace}`,
        ),
        ...route.hosts.flatMap((host, index) =>
          certified.includes(host) ? [] : [{
            path: [...path, "hosts", index],
            message: `certificate ${route.certificate} is not for ${host}, expected one of ${
              certified.join(", ")
            }`,
          }]
        ),
        ...refer(
          [...path, "tlsOptions"],
          route.tlsOptions,
          Object.keys(platform.tlsOptions),
          "entry of tlsOptions",
        ),
      ];
    }),
    ...Object.entries(platform.certificates).flatMap(([name, { hosts, issuer }]) => [
      ...checkHosts(["certificates", name, "hosts"], hosts, platform.domain),
      ...refer(["certificates", name, "issuer"], issuer, Object.keys(platform.issuers), "issuer"),
    ]),
  ];
}

function checkHosts(path: Path, hosts: readonly string[], domain: string): Mistake[] {
  return hosts.flatMap((host, index) =>
    host === domain || host.endsWith(`.${domain}`) ? [] : [{
      path: [...path, index],
      message:
        `${host} is not in the domain of the platform, expected ${domain} or a name below it`,
    }]
  );
}
