import { componentLabels, dataPorts, exporterPorts } from "../../../lib/platform/data_names.ts";
import type { Mount, Probe, SideContainer, Valkey, Workload } from "../../../lib/platform/types.ts";
import { claim, copyResources, type DataParts } from "./parts.ts";
import { passwordOf, redisExporter } from "./redis.ts";
import { serverConfig } from "./redis_config.ts";

const copyFolder = "/run/valkey";

/** A single Valkey server. Source: Valkey, "Configuration". */
export function valkey(name: string, options: Valkey): DataParts {
  const config = `${name}-config`;
  return {
    workloads: { [name]: server(name, options, config) },
    configMaps: {
      [config]: {
        namespace: options.namespace,
        data: {
          "valkey.conf": serverConfig(options, options.storage === undefined ? [] : ["aof", "rdb"]),
        },
      },
    },
  };
}

function server(name: string, options: Valkey, config: string): Workload {
  const { exporter, secret, storage } = options;
  const ports = { valkey: dataPorts.redis };
  const password = secret && passwordOf(secret);
  const folder = secret === undefined ? "/config" : copyFolder;
  const configMounts: Record<string, Mount> = secret === undefined
    ? { "/config": { config } }
    : { [copyFolder]: { emptyDir: { sizeLimit: "1Mi", name: "rewritable" } } };
  return {
    kind: storage === undefined ? "Deployment" : "StatefulSet",
    namespace: options.namespace,
    labels: componentLabels("valkey", name, "server"),
    container: "valkey",
    image: options.image,
    imagePullSecrets: options.imagePullSecrets,
    command: ["valkey-server", `${folder}/valkey.conf`],
    replicas: 1,
    // Two at once would each have half of the keys.
    ...(storage === undefined && { rollout: { maxUnavailable: 1, maxSurge: 0 } }),
    resources: options.resources,
    ports,
    services: {
      [name]: { ports: { ...ports, ...(exporter && { metrics: exporterPorts.redis }) } },
    },
    ...(password && { env: { REDISCLI_AUTH: password } }),
    mounts: {
      "/data": storage === undefined
        ? { emptyDir: { sizeLimit: options.resources.limits.memory } }
        : { volumeClaim: "data" },
      ...configMounts,
    },
    volumeClaims: storage && { data: claim(storage) },
    initContainers: secret && { configure: configurer(options, config, configMounts) },
    sidecars: exporter && { exporter: redisExporter(exporter, password) },
    probes: {
      startup: { ...pong(), periodSeconds: 2, failureThreshold: 60 },
      liveness: { tcp: true, port: "valkey", timeoutSeconds: 5, failureThreshold: 6 },
      readiness: { ...pong(), periodSeconds: 5 },
    },
    metrics: exporter && { port: "metrics" },
    runAs: options.runAs,
    backup: options.backup,
  };
}

/** Adds the password to a copy of the configuration, so that it is in no ConfigMap and on no command line. */
function configurer(
  { image, secret }: Valkey,
  config: string,
  copy: Record<string, Mount>,
): SideContainer {
  return {
    image,
    command: [
      "sh",
      "-c",
      "set -eu; umask 077\n" +
      `cp /config/valkey.conf ${copyFolder}/valkey.conf\n` +
      `printf 'requirepass "%s"\\n' "$(printf %s "$PASSWORD" | sed 's/[\\\\"]/\\\\&/g')" ` +
      `>> ${copyFolder}/valkey.conf`,
    ],
    env: { PASSWORD: passwordOf(secret!) },
    mounts: { "/config": { config }, ...copy },
    resources: copyResources,
  };
}

function pong(): Probe {
  return {
    exec: ["valkey-cli", "-e", "-p", String(dataPorts.redis), "ping"],
    timeoutSeconds: 5,
  };
}
