import { groupOf, type Manifest, type ObjectRef, refOf } from "../core/object.ts";

/** Requests that something takes. */
export interface HostClaim {
  /** The object that takes them. */
  by: ObjectRef;
  /** Their host. */
  host: string;
  /** Their path, or the beginning of it. */
  path: string;
  /** Ways in, such as Traefik's entry points or gateways; `*` is any. */
  ways: readonly string[];
  /** All else that they must match. */
  further: string;
}

/** All claims of routes, and of the listeners that they attach to. */
export function hostClaims(manifests: readonly Manifest[]): HostClaim[] {
  return manifests.flatMap((manifest) => {
    switch (`${groupOf(manifest.apiVersion)}/${manifest.kind}`) {
      case "traefik.io/IngressRoute":
      case "traefik.io/IngressRouteTCP":
        return traefikClaims(manifest);
      case "networking.k8s.io/Ingress":
        return ingressClaims(manifest);
      case "gateway.networking.k8s.io/HTTPRoute":
        return routeClaims(manifest);
      case "gateway.networking.k8s.io/Gateway":
      case "gateway.networking.k8s.io/ListenerSet":
      case "gateway.networking.x-k8s.io/XListenerSet":
        return listenerClaims(manifest);
      default:
        return [];
    }
  });
}

/** Whether two claims are for the same requests. A longer path within a shorter one is no conflict: it wins. */
export function overlap(a: HostClaim, b: HostClaim): boolean {
  const meet = a.ways.includes("*") || b.ways.includes("*") ||
    a.ways.some((way) => b.ways.includes(way));
  return meet && a.host === b.host && a.path === b.path && a.further === b.further;
}

/** Source: Traefik, "Routers", rule syntax of v3. */
function traefikClaims(manifest: Manifest): HostClaim[] {
  const { entryPoints = ["*"], routes = [] } = manifest["spec"] as {
    entryPoints?: string[];
    routes?: { match: string }[];
  };
  const protocol = manifest.kind === "IngressRouteTCP" ? "tcp" : "http";
  return routes.flatMap(({ match }) => {
    const paths = values(match, /\b(?:PathPrefix|Path)\(([^)]*)\)/g);
    // What differs besides hosts and paths, such as a header, keeps two routes apart.
    const further = match
      .replaceAll(/!?\b(Host|HostSNI|PathPrefix|Path)\([^)]*\)/g, "")
      .replaceAll(/[\s()|&]+/g, "");
    return values(match, /\b(?:Host|HostSNI)\(([^)]*)\)/g).flatMap((host) =>
      (paths.length === 0 ? ["/"] : paths).map((path) => ({
        by: refOf(manifest),
        host,
        path,
        ways: [...entryPoints],
        further: protocol + further,
      }))
    );
  });
}

/** Texts in backquotes or quotes, of all matches of a form. */
function values(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].flatMap(([, inner = ""]) =>
    [...inner.matchAll(/[`"]([^`"]*)[`"]/g)].map(([, value = ""]) => value)
  );
}

/** Source: k8s.io/api, networking/v1 Ingress. */
function ingressClaims(manifest: Manifest): HostClaim[] {
  const { rules = [] } = manifest["spec"] as {
    rules?: { host?: string; http?: { paths?: { path?: string }[] } }[];
  };
  return rules.flatMap(({ host, http }) =>
    (http?.paths ?? [{}]).flatMap(({ path = "/" }) =>
      host === undefined ? [] : [{ by: refOf(manifest), host, path, ways: ["*"], further: "http" }]
    )
  );
}

interface ParentRef {
  kind?: string;
  name: string;
  namespace?: string;
  sectionName?: string;
}

/** Source: Gateway API, gateway.networking.k8s.io/v1 HTTPRouteSpec. */
function routeClaims(manifest: Manifest): HostClaim[] {
  const { hostnames = [], parentRefs = [], rules = [] } = manifest["spec"] as {
    hostnames?: string[];
    parentRefs?: ParentRef[];
    rules?: { matches?: ({ path?: { value?: string } } & Record<string, unknown>)[] }[];
  };
  const ways = parentRefs.map(({ kind = "Gateway", name, namespace, sectionName }) =>
    [kind, namespace ?? manifest.metadata.namespace, name, sectionName ?? ""].join("/")
  );
  return rules.flatMap(({ matches = [{}] }) =>
    matches.flatMap(({ path, ...rest }) =>
      hostnames.map((host) => ({
        by: refOf(manifest),
        host,
        path: path?.value ?? "/",
        ways,
        further: `http${Object.keys(rest).length === 0 ? "" : JSON.stringify(rest)}`,
      }))
    )
  );
}

/** Listeners of one gateway must differ by host name or port. Source: Gateway API, GatewaySpec and ListenerSetSpec. */
function listenerClaims(manifest: Manifest): HostClaim[] {
  const { parentRef, listeners = [] } = manifest["spec"] as {
    parentRef?: ParentRef;
    listeners?: { hostname?: string; port: number }[];
  };
  const { name, namespace } = manifest.metadata;
  const gateway = parentRef === undefined
    ? `${namespace}/${name}`
    : `${parentRef.namespace ?? namespace}/${parentRef.name}`;
  return listeners.flatMap(({ hostname, port }) =>
    hostname === undefined ? [] : [{
      by: refOf(manifest),
      host: hostname,
      path: "/",
      ways: [`listener ${gateway}`],
      further: `listener on port ${port}`,
    }]
  );
}
