import type { Manifest } from "../../../lib/core/object.ts";

/** A route of an AlertmanagerConfig, as far as it is used. */
interface Route {
  receiver: string;
  groupBy?: string[];
  groupWait?: string;
  groupInterval?: string;
  repeatInterval?: string;
  matchers?: { name: string; matchType: string; value: string }[];
  routes?: Route[];
}

type Channel = Record<string, unknown>;

interface Spec {
  route: Route;
  receivers: {
    name: string;
    slackConfigs?: Channel[];
    pagerdutyConfigs?: Channel[];
    emailConfigs?: Channel[];
  }[];
}

/**
 * The configuration that the operator makes of an AlertmanagerConfig, with something in place of each secret.
 * Source: prometheus-operator, pkg/alertmanager/amcfg.go; Alertmanager, "Configuration".
 */
export function alertmanagerFile(manifests: readonly Manifest[]): unknown {
  const config = manifests.find(({ kind }) => kind === "AlertmanagerConfig");
  const { route, receivers } = (config as unknown as { spec: Spec }).spec;
  return {
    route: routeOf(route),
    receivers: receivers.map((receiver) => ({
      name: receiver.name,
      slack_configs: receiver.slackConfigs?.map(({ apiURL: _, ...rest }) => ({
        ...snake(rest),
        api_url: "https://hooks.slack.com/services/T/B/x",
      })),
      pagerduty_configs: receiver.pagerdutyConfigs?.map(({ routingKey: _, ...rest }) => ({
        ...snake(rest),
        routing_key: "0".repeat(32),
      })),
      email_configs: receiver.emailConfigs?.map(
        ({ authPassword: _, requireTLS, headers, ...rest }) => ({
          ...snake(rest),
          require_tls: requireTLS,
          auth_password: "x",
          headers: Object.fromEntries(
            (headers as { key: string; value: string }[]).map(({ key, value }) => [key, value]),
          ),
        }),
      ),
    })),
  };
}

function routeOf({ matchers, routes, ...rest }: Route): Record<string, unknown> {
  return {
    ...snake(rest),
    matchers: matchers?.map(({ name, matchType, value }) => `${name}${matchType}"${value}"`),
    routes: routes?.map(routeOf),
  };
}

function snake(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
