import type { Manifest } from "../../../lib/core/object.ts";
import { partOf } from "../../../lib/platform/monitoring.ts";
import type { EnvValue, Grafana, Monitoring, Workload } from "../../../lib/platform/types.ts";
import { configMap } from "../workload/config_map.ts";
import { dashboardOf } from "./dashboards/dashboard.ts";
import { dataSources } from "./data_sources.ts";
import { configuration, program } from "./program.ts";

/** The user that Grafana's image runs as. */
const runAs = { user: 472, group: 472 };

/** Where Grafana looks for dashboards: a folder for each ConfigMap. */
const dashboardFolder = "/etc/grafana/dashboards";

/** Grafana with its data sources and dashboards, which are provisioned and cannot be changed in it. */
export function grafana(monitoring: Monitoring, options: Grafana): Manifest[] {
  const { namespace } = monitoring;
  const part = partOf("grafana", namespace);
  const dashboards = Object.entries(options.dashboards);
  return [
    ...configuration(part, {
      "datasources.yaml": dataSources(monitoring),
      "dashboards.yaml": dashboardProviders,
    }),
    ...dashboards.flatMap(([name, dashboard]) =>
      configMap(configNameOf(name), {
        namespace,
        data: { [`${name}.json`]: `${JSON.stringify(dashboardOf(name, dashboard), null, 1)}\n` },
      })
    ),
    ...program(part, {
      image: options.image,
      resources: options.resources,
      replicas: options.replicas,
      runAs,
      env: environment(options),
      mounts: {
        "/etc/grafana/provisioning/datasources": {
          config: part.name,
          items: { "datasources.yaml": "datasources.yaml" },
        },
        "/etc/grafana/provisioning/dashboards": {
          config: part.name,
          items: { "dashboards.yaml": "dashboards.yaml" },
        },
        ...Object.fromEntries(dashboards.map(([name]) => [
          `${dashboardFolder}/${name}`,
          { config: configNameOf(name) },
        ])),
        "/var/lib/grafana": { emptyDir: { sizeLimit: "1Gi" } },
        "/tmp": { emptyDir: { sizeLimit: "64Mi" } },
      },
      ...several(options.replicas),
      probes: {
        liveness: { path: "/api/health", port: "http", failureThreshold: 10 },
        readiness: { path: "/api/health", port: "http" },
        startup: { path: "/api/health", port: "http", failureThreshold: 30 },
      },
    }),
  ];
}

function configNameOf(dashboard: string): string {
  return `grafana-dashboard-${dashboard}`;
}

function several(replicas: number): Partial<Workload> {
  return replicas < 2
    ? {}
    : { spread: { antiAffinity: "preferred" }, disruptionBudget: { maxUnavailable: 1 } };
}

/** Source: Grafana, "Provision Grafana". */
const dashboardProviders = {
  apiVersion: 1,
  providers: [{
    name: "slipway",
    type: "file",
    allowUiUpdates: false,
    options: { path: dashboardFolder },
  }],
};

/** Settings as Grafana takes them: `GF_<section>_<key>`. Source: Grafana, "Configure Grafana". */
function environment(options: Grafana): Record<string, EnvValue> {
  const { admin, database, sso, authProxy } = options;
  return {
    GF_SERVER_ROOT_URL: `https://${options.host}/`,
    GF_SERVER_DOMAIN: options.host,
    GF_SECURITY_ADMIN_USER: "admin",
    GF_SECURITY_ADMIN_PASSWORD: { ...admin },
    GF_SECURITY_COOKIE_SECURE: "true",
    GF_SECURITY_STRICT_TRANSPORT_SECURITY: "true",
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    // Alerts are Prometheus' and Alertmanager's business.
    GF_UNIFIED_ALERTING_ENABLED: "false",
    ...(database === undefined ? {} : {
      GF_DATABASE_TYPE: "postgres",
      GF_DATABASE_HOST: database.host,
      GF_DATABASE_NAME: database.name,
      GF_DATABASE_USER: { secret: database.secret, key: database.userKey },
      GF_DATABASE_PASSWORD: { secret: database.secret, key: database.passwordKey },
      GF_DATABASE_SSL_MODE: database.sslMode,
    }),
    ...(sso === undefined ? {} : ssoEnvironment(sso)),
    ...(authProxy === undefined ? {} : {
      GF_AUTH_PROXY_ENABLED: "true",
      GF_AUTH_PROXY_HEADER_NAME: authProxy.header,
      GF_AUTH_PROXY_HEADER_PROPERTY: "username",
      GF_AUTH_PROXY_AUTO_SIGN_UP: "true",
      GF_USERS_AUTO_ASSIGN_ORG_ROLE: authProxy.role,
    }),
  };
}

/** Source: Grafana, "Configure generic OAuth authentication". */
function ssoEnvironment(sso: NonNullable<Grafana["sso"]>): Record<string, EnvValue> {
  const prefix = "GF_AUTH_GENERIC_OAUTH_";
  return {
    [`${prefix}ENABLED`]: "true",
    [`${prefix}NAME`]: sso.name,
    [`${prefix}CLIENT_ID`]: { secret: sso.secret, key: sso.clientIdKey },
    [`${prefix}CLIENT_SECRET`]: { secret: sso.secret, key: sso.clientSecretKey },
    [`${prefix}AUTH_URL`]: sso.authUrl,
    [`${prefix}TOKEN_URL`]: sso.tokenUrl,
    [`${prefix}API_URL`]: sso.apiUrl,
    [`${prefix}SCOPES`]: sso.scopes.join(" "),
    [`${prefix}USE_PKCE`]: "true",
    [`${prefix}ALLOW_SIGN_UP`]: "true",
    ...(sso.roleAttributePath === undefined ? {} : {
      [`${prefix}ROLE_ATTRIBUTE_PATH`]: sso.roleAttributePath,
      [`${prefix}ROLE_ATTRIBUTE_STRICT`]: String(sso.roleAttributeStrict ?? false),
    }),
  };
}
