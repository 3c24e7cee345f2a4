import { type Manifest, refOf } from "../../core/object.ts";
import type { Complaint, Rule } from "../finding.ts";

const redirects = ["redirect", "https"];

/** TLS ends at the program then. Source: ingress-nginx, "Annotations". */
const passthrough = "nginx.ingress.kubernetes.io/ssl-passthrough";

/** What goes over plain HTTP can be read and changed on its way. */
export const plainHttp: Rule = {
  name: "plain-http",
  summary: "A route has TLS, or leads to where there is TLS",
  severity: "warning",
  check: ({ ofKind }) => [
    ...ofKind("IngressRoute").flatMap((route) => {
      const { tls, routes = [] } = route["spec"] as {
        tls?: unknown;
        routes?: { middlewares?: { name: string }[] }[];
      };
      const redirected = routes.every(({ middlewares = [] }) =>
        middlewares.some(({ name }) => redirects.some((word) => name.includes(word)))
      );
      return tls !== undefined || redirected ? [] : [complaint(refOf(route))];
    }),
    ...openIngresses(ofKind("Ingress")),
  ],
};

interface IngressSpec {
  tls?: { hosts?: string[] }[];
  rules?: { host?: string }[];
}

/** One Ingress may bring the certificate for what others serve under its host. */
function openIngresses(ingresses: readonly Manifest[]): Complaint[] {
  const secure = new Set(
    ingresses.flatMap((ingress) =>
      ((ingress["spec"] as IngressSpec).tls ?? []).flatMap(({ hosts = [] }) => hosts)
    ),
  );
  return ingresses.flatMap((ingress) => {
    if (ingress.metadata.annotations?.[passthrough] === "true") return [];
    const { rules = [] } = ingress["spec"] as IngressSpec;
    const open = rules.flatMap(({ host }) =>
      host === undefined || secure.has(host) || secure.has(host.replace(/^[^.]+/, "*"))
        ? []
        : [host]
    );
    return open.length === 0 ? [] : [complaint(refOf(ingress), open)];
  });
}

function complaint(object: ReturnType<typeof refOf>, hosts: readonly string[] = []) {
  return {
    object,
    because: hosts.length === 0
      ? "it serves plain HTTP"
      : `it serves ${hosts.join(", ")} over plain HTTP`,
    remedy: "give it a certificate, or redirect to a route that has one",
  };
}
