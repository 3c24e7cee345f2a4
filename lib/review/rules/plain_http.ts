import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

const redirects = ["redirect", "https"];

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
    ...ofKind("Ingress").flatMap((ingress) => {
      const { tls = [], rules = [] } = ingress["spec"] as {
        tls?: { hosts?: string[] }[];
        rules?: { host?: string }[];
      };
      const secure = tls.flatMap(({ hosts = [] }) => hosts);
      const covers = (host: string) =>
        secure.includes(host) || secure.includes(host.replace(/^[^.]+/, "*"));
      const open = rules.flatMap(({ host }) => host === undefined || covers(host) ? [] : [host]);
      return open.length === 0 ? [] : [complaint(refOf(ingress), open)];
    }),
  ],
};

function complaint(object: ReturnType<typeof refOf>, hosts: readonly string[] = []) {
  return {
    object,
    because: hosts.length === 0
      ? "it serves plain HTTP"
      : `it serves ${hosts.join(", ")} over plain HTTP`,
    remedy: "give it a certificate, or redirect to a route that has one",
  };
}
