import { refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";

/** A port on every node goes past the ingress controller with its TLS, limits and logs. */
export const exposedService: Rule = {
  name: "exposed-service",
  summary: "No Service opens a port on the nodes or takes addresses of its own choice",
  severity: "warning",
  check: ({ ofKind }) =>
    ofKind("Service").flatMap((service) => {
      const { type, externalIPs = [] } = service["spec"] as {
        type?: string;
        externalIPs?: string[];
      };
      const faults = [
        ...(type === "NodePort" ? ["it opens a port on every node"] : []),
        // Source: CVE-2020-8554.
        ...(externalIPs.length > 0 ? ["it takes over traffic to addresses by externalIPs"] : []),
      ];
      return faults.map((because) => ({
        object: refOf(service),
        because,
        remedy: "put a route or a load balancer in front of it",
      }));
    }),
};
