import type {
  ConfigMapOptions,
  EnvValue,
  IdentityProvider,
  IdentityProviderPart,
  Workload,
} from "../types.ts";
import { blueprint, clientSecretVariable } from "./blueprint.ts";
import type { AppParts } from "./app_parts.ts";

/** Port of the Service in front of an identity provider. */
export const identityProviderPort = 80;

/** What Authentik consists of: a server, a worker, and a blueprint that declares its clients. */
export function authentikParts(name: string, options: IdentityProvider): AppParts {
  return {
    workloads: {
      [serverOf(name)]: {
        ...part(name, "server", options),
        // Source: Authentik's chart, values.yaml, and its documentation of ports.
        ports: { http: 9000, https: 9443, metrics: 9300 },
        services: { [name]: { ports: { http: identityProviderPort } } },
        probes: {
          // The first start migrates the database.
          startup: { path: "/-/health/live/", port: "http", failureThreshold: 60 },
          liveness: { path: "/-/health/live/", port: "http", timeoutSeconds: 3 },
          readiness: { path: "/-/health/ready/", port: "http", timeoutSeconds: 3 },
        },
      },
      [workerOf(name)]: {
        ...part(name, "worker", options),
        ports: { metrics: 9300 },
        services: {},
        probes: {
          startup: { exec: ["ak", "healthcheck"], timeoutSeconds: 10, failureThreshold: 60 },
          liveness: { exec: ["ak", "healthcheck"], timeoutSeconds: 10, failureThreshold: 6 },
          readiness: { exec: ["ak", "healthcheck"], timeoutSeconds: 10 },
        },
        mounts: {
          ...scratch,
          "/blueprints/mounted/slipway": { config: blueprintsOf(name) },
        },
      },
    },
    configMaps: { [blueprintsOf(name)]: blueprints(name, options) },
  };
}

/** Workload that answers people and programs. */
export function serverOf(name: string): string {
  return `${name}-server`;
}

/** Workload that works behind the server. */
export function workerOf(name: string): string {
  return `${name}-worker`;
}

function blueprintsOf(name: string): string {
  return `${name}-blueprints`;
}

function blueprints(name: string, options: IdentityProvider): ConfigMapOptions {
  return { namespace: options.namespace, data: { "clients.yaml": blueprint(name, options) } };
}

/** What the image writes to beside its database: caches, figures of its processes, uploads. */
const scratch: NonNullable<Workload["mounts"]> = {
  "/tmp": { emptyDir: { sizeLimit: "256Mi" } },
  "/dev/shm": { emptyDir: { sizeLimit: "256Mi", medium: "Memory" } },
  "/data": { emptyDir: { sizeLimit: "256Mi" } },
  "/media": { emptyDir: { sizeLimit: "256Mi" } },
};

function part(
  name: string,
  component: "server" | "worker",
  options: IdentityProvider,
): Omit<Workload, "ports" | "services"> {
  const { replicas, resources }: IdentityProviderPart = options[component];
  return {
    namespace: options.namespace,
    labels: {
      "app.kubernetes.io/name": "authentik",
      "app.kubernetes.io/instance": name,
      "app.kubernetes.io/component": component,
    },
    container: component,
    image: options.image,
    args: [component],
    replicas,
    resources,
    env: { ...environment(options), ...(component === "worker" ? workerOnly(options) : {}) },
    mounts: scratch,
    // The user authentik of the image.
    runAs: { user: 1000, group: 1000 },
    spread: replicas > 1 ? { antiAffinity: "preferred" } : undefined,
    disruptionBudget: replicas > 1 ? { maxUnavailable: 1 } : undefined,
  };
}

/** Source: Authentik, "Configuration". */
function environment({ postgres, redis, secret }: IdentityProvider): Record<string, EnvValue> {
  return {
    AUTHENTIK_SECRET_KEY: { secret: secret.name, key: secret.secretKeyKey ?? "secret-key" },
    AUTHENTIK_POSTGRESQL__HOST: postgres.host,
    AUTHENTIK_POSTGRESQL__PORT: String(postgres.port ?? 5432),
    AUTHENTIK_POSTGRESQL__NAME: postgres.database,
    AUTHENTIK_POSTGRESQL__USER: {
      secret: postgres.secret,
      key: postgres.userKey ?? "username",
    },
    AUTHENTIK_POSTGRESQL__PASSWORD: {
      secret: postgres.secret,
      key: postgres.passwordKey ?? "password",
    },
    AUTHENTIK_POSTGRESQL__SSLMODE: postgres.sslMode ?? "prefer",
    ...(redis === undefined ? {} : {
      AUTHENTIK_REDIS__HOST: redis.host,
      AUTHENTIK_REDIS__PORT: String(redis.port ?? 6379),
      AUTHENTIK_REDIS__DB: String(redis.database ?? 0),
    }),
    ...(redis?.secret === undefined ? {} : {
      AUTHENTIK_REDIS__PASSWORD: { secret: redis.secret, key: redis.passwordKey ?? "password" },
    }),
    AUTHENTIK_DISABLE_UPDATE_CHECK: "true",
    AUTHENTIK_ERROR_REPORTING__ENABLED: "false",
  };
}

/** The worker applies blueprints, and those that are built in make the administrator. */
function workerOnly({ secret, clients }: IdentityProvider): Record<string, EnvValue> {
  return {
    ...(secret.bootstrapPasswordKey === undefined ? {} : {
      AUTHENTIK_BOOTSTRAP_PASSWORD: { secret: secret.name, key: secret.bootstrapPasswordKey },
    }),
    ...(secret.bootstrapEmail === undefined
      ? {}
      : { AUTHENTIK_BOOTSTRAP_EMAIL: secret.bootstrapEmail }),
    ...Object.fromEntries(
      Object.entries(clients).flatMap(([client, { secret }]) =>
        secret === undefined
          ? []
          : [[clientSecretVariable(client), { secret: secret.name, key: secret.key }]]
      ),
    ),
  };
}
