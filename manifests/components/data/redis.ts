import {
  componentLabels,
  dataPorts,
  exporterPorts,
  headlessDomain,
  podHost,
} from "../../../lib/platform/data_names.ts";
import type {
  EnvValue,
  PasswordSecret,
  Probe,
  Redis,
  SideContainer,
  Workload,
} from "../../../lib/platform/types.ts";
import { apart, claim, copyResources, type DataParts, exporterProbes, several } from "./parts.ts";
import { sentinelConfig, serverConfig } from "./redis_config.ts";
import configure from "./scripts/redis_configure.sh" with { type: "text" };

/** Where the copy of the configuration is that a program may change; shared with the init container that makes it. */
const configMount = { "/run/redis": { emptyDir: { sizeLimit: "1Mi", name: "rewritable" } } };

/** Redis servers under Sentinel. Source: Redis, "High availability with Redis Sentinel". */
export function redis(name: string, options: Redis): DataParts {
  const config = `${name}-config`;
  return {
    workloads: {
      [name]: servers(name, options, config),
      [`${name}-sentinel`]: sentinels(name, options, config),
    },
    configMaps: {
      [config]: {
        namespace: options.namespace,
        data: {
          "redis.conf": serverConfig(options, options.persistence),
          "sentinel.conf": sentinelConfig(options),
          "configure.sh": configure,
        },
      },
    },
  };
}

function servers(name: string, options: Redis, config: string): Workload {
  const { exporter, replicas, secret } = options;
  const ports = { redis: dataPorts.redis };
  const password = passwordOf(secret);
  return {
    kind: "StatefulSet",
    namespace: options.namespace,
    labels: componentLabels("redis", name, "server"),
    container: "redis",
    image: options.image,
    imagePullSecrets: options.imagePullSecrets,
    command: ["redis-server", "/run/redis/redis.conf"],
    replicas,
    // All at once: who is the master does not depend on who starts first.
    podManagementPolicy: "Parallel",
    resources: options.resources,
    ports,
    services: {
      [name]: { ports: { ...ports, ...(exporter && { metrics: exporterPorts.redis }) } },
    },
    env: { REDISCLI_AUTH: password },
    mounts: {
      "/data": { volumeClaim: "data" },
      ...configMount,
    },
    volumeClaims: { data: claim(options.storage) },
    initContainers: { configure: configurer(name, options, config, "server") },
    sidecars: exporter && { exporter: redisExporter(exporter, password) },
    probes: {
      // Data is loaded before the first answer.
      startup: { ...pong(dataPorts.redis), periodSeconds: 5, failureThreshold: 60 },
      liveness: { tcp: true, port: "redis", timeoutSeconds: 5, failureThreshold: 6 },
      readiness: { ...pong(dataPorts.redis), periodSeconds: 5 },
    },
    terminationGracePeriodSeconds: 60,
    metrics: exporter && { port: "metrics" },
    runAs: options.runAs,
    backup: options.backup,
    ...several(replicas, options.spread),
  };
}

function sentinels(name: string, options: Redis, config: string): Workload {
  const { sentinel } = options;
  const { kind, replicas = 3 } = sentinel;
  const ports = { sentinel: dataPorts.sentinel };
  return {
    kind,
    namespace: options.namespace,
    labels: componentLabels("redis", name, "sentinel"),
    container: "sentinel",
    image: options.image,
    imagePullSecrets: options.imagePullSecrets,
    command: ["redis-server", "/run/redis/sentinel.conf", "--sentinel"],
    resources: sentinel.resources,
    ports,
    services: { [`${name}-sentinel`]: { ports } },
    env: { REDISCLI_AUTH: passwordOf(options.secret) },
    mounts: { "/tmp": { emptyDir: { sizeLimit: "16Mi" } }, ...configMount },
    initContainers: { configure: configurer(name, options, config, "sentinel") },
    probes: {
      liveness: { tcp: true, port: "sentinel", timeoutSeconds: 5, failureThreshold: 6 },
      readiness: { ...pong(dataPorts.sentinel), periodSeconds: 5 },
    },
    nodeSelector: sentinel.nodeSelector,
    tolerations: sentinel.tolerations,
    runAs: options.runAs,
    ...(kind === "Deployment" && {
      replicas,
      // A Sentinel is known by its node, so there may never be two of them on one.
      spread: { ...(options.spread ?? apart), antiAffinity: "required" },
      rollout: { maxUnavailable: 1, maxSurge: 0 },
      ...(replicas > 1 && { disruptionBudget: { maxUnavailable: 1 } }),
    }),
  };
}

/** Writes the configuration before a server or Sentinel starts, when the others may know better who is the master. */
function configurer(
  name: string,
  options: Redis,
  config: string,
  role: "server" | "sentinel",
): SideContainer {
  const { namespace, replicas, sentinel } = options;
  const servers = Array.from(
    { length: replicas },
    (_, index) => podHost(name, index, namespace),
  );
  const domain = headlessDomain(name, namespace);
  return {
    image: options.image,
    command: ["sh", "/config/configure.sh", role],
    env: {
      CLI: "redis-cli",
      REDISCLI_AUTH: passwordOf(options.secret),
      POD: { field: "metadata.name" },
      NODE: { field: "spec.nodeName" },
      DOMAIN: domain,
      SELF: role === "server" ? `$(POD).${domain}` : "none",
      SERVERS: servers.join(" "),
      SENTINEL: `${name}-sentinel.${namespace}.svc.cluster.local`,
      MASTER_NAME: sentinel.masterName,
      QUORUM: String(sentinel.quorum),
    },
    mounts: { "/config": { config }, ...configMount },
    resources: copyResources,
  };
}

/** The password, in the variable in which redis-cli looks for it: never on a command line. @ignore */
export function passwordOf({ name, passwordKey }: PasswordSecret): EnvValue {
  return { secret: name, key: passwordKey };
}

function pong(port: number): Probe {
  // -e: an error, such as that data is still loaded, is a failure.
  return { exec: ["redis-cli", "-e", "-p", String(port), "ping"], timeoutSeconds: 5 };
}

/** redis_exporter, for Redis and Valkey. Source: redis_exporter, "Command line flags". @ignore */
export function redisExporter(
  { image, resources }: NonNullable<Redis["exporter"]>,
  password: EnvValue | undefined,
): SideContainer {
  return {
    image,
    resources,
    ports: { metrics: exporterPorts.redis },
    env: {
      REDIS_ADDR: `redis://127.0.0.1:${dataPorts.redis}`,
      ...(password !== undefined && { REDIS_PASSWORD: password }),
    },
    probes: exporterProbes,
  };
}
