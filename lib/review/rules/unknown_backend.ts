import { groupOf, type Manifest, refOf } from "../../core/object.ts";
import type { Rule } from "../finding.ts";
import type { View } from "../view.ts";

/** A Service that a route leads to. */
interface Backend {
  namespace: string;
  name: string;
  port: number | string | undefined;
}

/** Requests would end at the controller, with 404 or 503. */
export const unknownBackend: Rule = {
  name: "unknown-backend",
  summary: "Routes lead to Services that are there, and to ports that these have",
  severity: "error",
  check: (view) =>
    view.manifests.flatMap((route) => {
      const told = new Set<string>();
      return backendsOf(route).flatMap((backend) => {
        const because = lacking(backend, view);
        if (because === undefined || told.has(because)) return [];
        told.add(because);
        return [{
          object: refOf(route),
          because,
          remedy: "name a Service of the platform, and one of its ports",
        }];
      });
    }),
};

function lacking({ namespace, name, port }: Backend, view: View): string | undefined {
  const service = view.find("Service", namespace, name);
  if (service === undefined) {
    // Charts and operators bring Services that nobody renders.
    return view.isOpaque(namespace) || isMade(namespace, name, view)
      ? undefined
      : `it leads to the Service ${name}, and namespace ${namespace} has none of that name`;
  }
  const { ports = [] } = service["spec"] as { ports?: { name?: string; port: number }[] };
  if (port === undefined || ports.some((each) => each.port === port || each.name === port)) {
    return undefined;
  }
  return `it leads to port ${port} of the Service ${name}, which has ${
    ports.map((each) => each.port).join(", ") || "none"
  }`;
}

/** Services that operators make are named after their resource, such as `shop-rw` or `prometheus-operated`. */
function isMade(namespace: string, service: string, { made }: View): boolean {
  return made.some(({ owner, namespace: home }) =>
    home === namespace &&
    (service.startsWith(owner.metadata.name) || service.endsWith("-operated"))
  );
}

function backendsOf(route: Manifest): Backend[] {
  const { namespace = "default" } = route.metadata;
  switch (`${groupOf(route.apiVersion)}/${route.kind}`) {
    case "traefik.io/IngressRoute":
    case "traefik.io/IngressRouteTCP":
      return traefikBackends(route, namespace);
    case "networking.k8s.io/Ingress":
      return ingressBackends(route, namespace);
    case "gateway.networking.k8s.io/HTTPRoute":
    case "gateway.networking.k8s.io/GRPCRoute":
    case "gateway.networking.k8s.io/TLSRoute":
    case "gateway.networking.k8s.io/TCPRoute":
      return gatewayBackends(route, namespace);
    default:
      return [];
  }
}

/** Source: Traefik, "Kubernetes IngressRoute". */
function traefikBackends(route: Manifest, home: string): Backend[] {
  const { routes = [] } = route["spec"] as {
    routes?: {
      services?: { kind?: string; name: string; namespace?: string; port?: number | string }[];
    }[];
  };
  return routes.flatMap(({ services = [] }) =>
    services.filter(({ kind = "Service", name }) => kind === "Service" && !name.includes("@"))
      .map(({ name, namespace = home, port }) => ({ namespace, name, port }))
  );
}

/** Source: k8s.io/api, networking/v1 Ingress. */
function ingressBackends(route: Manifest, namespace: string): Backend[] {
  interface IngressBackend {
    service?: { name: string; port?: { number?: number; name?: string } };
  }
  const { rules = [], defaultBackend } = route["spec"] as {
    rules?: { http?: { paths?: { backend: IngressBackend }[] } }[];
    defaultBackend?: IngressBackend;
  };
  const all = rules.flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend));
  return [...all, ...(defaultBackend === undefined ? [] : [defaultBackend])].flatMap((
    { service },
  ) =>
    service === undefined ? [] : [{
      namespace,
      name: service.name,
      port: service.port?.number ?? service.port?.name,
    }]
  );
}

/** Source: Gateway API, gateway.networking.k8s.io/v1 HTTPBackendRef. */
function gatewayBackends(route: Manifest, home: string): Backend[] {
  const { rules = [] } = route["spec"] as {
    rules?: {
      backendRefs?: { kind?: string; name: string; namespace?: string; port?: number }[];
    }[];
  };
  return rules.flatMap(({ backendRefs = [] }) =>
    backendRefs.filter(({ kind = "Service" }) => kind === "Service")
      .map(({ name, namespace = home, port }) => ({ namespace, name, port }))
  );
}
