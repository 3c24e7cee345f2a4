import type { Manifest } from "../../../lib/core/object.ts";
import { parseQuantity } from "../../../lib/core/units.ts";
import type {
  ForwardAuth,
  Middleware as MiddlewareOptions,
  TlsOptions,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Middleware, TlsOption } from "../types.ts";
import { addressOf } from "./authentication.ts";
import { stripName } from "./route_names.ts";

/** Name of the middleware that sends plain HTTP to HTTPS. */
export const redirect = "redirect-to-https";

/** A Traefik Middleware in one namespace. */
export function middleware(
  name: string,
  namespace: string,
  { rateLimit, headers, cors, forwardAuth, bodyLimit }: MiddlewareOptions,
): Manifest {
  return made(name, namespace, {
    rateLimit: rateLimit && { ...rateLimit },
    headers: (headers && {
      stsSeconds: headers.hstsSeconds,
      stsIncludeSubdomains: headers.hstsIncludeSubdomains,
      frameDeny: headers.frameDeny,
      contentTypeNosniff: headers.contentTypeNosniff,
      browserXssFilter: headers.browserXssFilter,
      referrerPolicy: headers.referrerPolicy,
      permissionsPolicy: headers.permissionsPolicy,
    }) ?? (cors && {
      accessControlAllowOriginList: [...cors.origins],
      accessControlAllowMethods: [...cors.methods],
      accessControlAllowHeaders: [...cors.headers],
      accessControlAllowCredentials: cors.credentials,
      accessControlMaxAge: cors.maxAgeSeconds,
      // Without it, a cache could hand the answer for one origin to another.
      addVaryHeader: true,
    }),
    forwardAuth: forwardAuth && forwardAuthSpec(namespace, forwardAuth),
    buffering: bodyLimit && { maxRequestBodyBytes: parseQuantity(bodyLimit.size) },
  });
}

function forwardAuthSpec(
  namespace: string,
  options: ForwardAuth,
): NonNullable<Middleware["spec"]>["forwardAuth"] {
  return {
    address: addressOf(options, namespace),
    authResponseHeaders: [...options.responseHeaders],
  };
}

/** The middleware that sends plain HTTP to HTTPS. */
export function redirectMiddleware(namespace: string): Manifest {
  return made(redirect, namespace, { redirectScheme: { scheme: "https", permanent: true } });
}

/** The middleware that takes a path away before the service sees the request. */
export function stripMiddleware(path: string, namespace: string): Manifest {
  return made(stripName(path), namespace, { stripPrefix: { prefixes: [path] } });
}

function made(name: string, namespace: string, spec: Middleware["spec"]): Manifest {
  return define<Middleware>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "Middleware",
    metadata: { name, namespace },
    spec,
  });
}

/** A Traefik TLSOption in one namespace. */
export function tlsOption(name: string, namespace: string, options: TlsOptions): Manifest {
  return define<TlsOption>({
    apiVersion: "traefik.io/v1alpha1",
    kind: "TLSOption",
    metadata: { name, namespace },
    spec: {
      minVersion: options.minVersion,
      cipherSuites: options.cipherSuites,
      sniStrict: true,
    },
  });
}
