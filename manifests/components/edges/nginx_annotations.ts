import { parseDuration, parseQuantity } from "../../../lib/core/units.ts";
import type { ForwardAuth, RateLimit, Route, TlsOptions } from "../../../lib/platform/types.ts";
import { addressOf } from "./authentication.ts";
import type { Passed } from "./middlewares.ts";
import { opensslCipher } from "./tls.ts";

/** What annotations are made of. */
export interface NginxOptions extends Passed {
  /** The route. */
  route: Route;
  /** Its TLS options. */
  tlsOptions?: TlsOptions;
  /** ConfigMap with the headers of responses. */
  headersFrom?: string;
  /** ConfigMap with headers for the service that is asked before. */
  askWithHeadersFrom?: string;
}

/**
 * Annotations of an Ingress by which ingress-nginx does what middlewares say. None of them takes text of nginx'
 * own language, which the controller refuses by default.
 * Source: ingress-nginx, "Annotations".
 */
export function nginxAnnotations(options: NginxOptions): Record<string, string> {
  const { route, tlsOptions, rateLimit, cors, forwardAuth, bodyLimit, headersFrom } = options;
  const annotations: Record<string, string | undefined> = {
    "ssl-redirect": "true",
    "ssl-ciphers": tlsOptions?.cipherSuites?.map(opensslCipher).join(":"),
    // Without a limit of its own, nginx would refuse bodies beyond 1 MB, as the other controllers do not.
    "proxy-body-size": String(bodyLimit === undefined ? 0 : parseQuantity(bodyLimit.size)),
    "custom-headers": headersFrom,
    "auth-proxy-set-headers": options.askWithHeadersFrom,
    "proxy-read-timeout": route.websocket === true ? "3600" : undefined,
    "proxy-send-timeout": route.websocket === true ? "3600" : undefined,
    ...(rateLimit === undefined ? {} : rateAnnotations(rateLimit)),
    ...(cors === undefined ? {} : {
      "enable-cors": "true",
      "cors-allow-origin": cors.origins.join(", "),
      "cors-allow-methods": cors.methods.join(", "),
      "cors-allow-headers": cors.headers.join(", "),
      "cors-allow-credentials": String(cors.credentials),
      "cors-max-age": String(cors.maxAgeSeconds),
    }),
    ...(forwardAuth === undefined ? {} : authAnnotations(forwardAuth, route.namespace)),
  };
  return prefixed(annotations);
}

/** Annotations with ingress-nginx' prefix; those without a value are left out. */
export function prefixed(
  annotations: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[`nginx.ingress.kubernetes.io/${name}`, value]]
    ),
  );
}

function rateAnnotations({ average, period, burst }: RateLimit): Record<string, string> {
  const isBySecond = parseDuration(period) === 1000;
  return {
    [isBySecond ? "limit-rps" : "limit-rpm"]: String(average),
    "limit-burst-multiplier": String(Math.max(1, Math.ceil(burst / average))),
  };
}

function authAnnotations(
  options: ForwardAuth,
  namespace: string,
): Record<string, string | undefined> {
  const { responseHeaders, signIn } = options;
  return {
    "auth-url": addressOf(options, namespace),
    "auth-response-headers": responseHeaders.join(","),
    "auth-signin": signIn &&
      `https://$host${signIn.start}?rd=https://$host$escaped_request_uri`,
  };
}
