import { declaredSecrets, declaredServices } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import { oauth2ProxyKeys } from "../oauth2_proxy.ts";
import type { Haproxy, OAuth2Proxy, Platform } from "../types.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";
import { checkService } from "./services.ts";

/** Proxies must know their secrets, and reach what they stand in front of in the time that is wanted. */
export function checkProxies(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.oauth2Proxies).flatMap(([name, proxy]) =>
      checkOAuth2Proxy(["oauth2Proxies", name], proxy, platform)
    ),
    ...Object.entries(platform.haproxy).flatMap(([name, options]) =>
      checkHaproxy(["haproxy", name], options)
    ),
  ];
}

function checkOAuth2Proxy(path: Path, proxy: OAuth2Proxy, platform: Platform): Mistake[] {
  const { namespace, upstream } = proxy;
  const secrets = declaredSecrets(platform).filter((secret) => secret.namespace === namespace);
  const secret = secrets.find(({ name }) => name === proxy.secret);
  const upstreamNamespace = upstream?.namespace ?? namespace;
  return [
    ...checkResources([...path, "resources"], proxy.resources),
    ...refer(
      [...path, "secret"],
      proxy.secret,
      secrets.map(({ name }) => name),
      `secret in namespace ${namespace}`,
    ),
    ...oauth2ProxyKeys.filter((key) => secret !== undefined && !secret.keys.includes(key)).map(
      (key) => ({
        path: [...path, "secret"],
        message: `secret ${proxy.secret} has no key ${key}, expected ${oauth2ProxyKeys.join(", ")}`,
      }),
    ),
    ...(upstream === undefined ? [] : checkService(
      [...path, "upstream", "service"],
      upstream.service,
      upstream.port,
      declaredServices(platform).filter((service) => service.namespace === upstreamNamespace),
    )),
  ];
}

/**
 * The longest time in which a node that is lost is noticed: it is lost just after a check, and each of the
 * checks that follow runs into its time limit.
 */
function noticedMs({ healthCheck }: Haproxy): number {
  const { intervalMs, timeoutMs, fall } = healthCheck;
  return fall * (intervalMs + timeoutMs);
}

function checkHaproxy(path: Path, options: Haproxy): Mistake[] {
  const noticed = noticedMs(options);
  const { failoverSeconds, ports } = options;
  const entries = Object.entries(ports);
  return [
    ...(noticed < failoverSeconds * 1000 ? [] : [{
      path: [...path, "failoverSeconds"],
      message: `a lost node is noticed after up to ${
        noticed / 1000
      } s, expected less than ${failoverSeconds} s: less of intervalMs, timeoutMs or fall`,
    }]),
    ...entries.filter(([name, { port }]) =>
      entries.find((other) => other[1].port === port)?.[0] !== name
    ).map(([name, { port }]) => ({
      path: [...path, "ports", name, "port"],
      message: `${port} is listened on by another entry, expected a port of its own`,
    })),
  ];
}
