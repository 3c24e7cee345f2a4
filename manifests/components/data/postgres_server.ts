import { componentLabels, dataPorts, exporterPorts } from "../../../lib/platform/data_names.ts";
import type {
  ConfigMapOptions,
  Mount,
  PostgresServer,
  PostgresTls,
  Probe,
  SideContainer,
  Workload,
} from "../../../lib/platform/types.ts";
import { claim, type DataParts, exporterProbes } from "./parts.ts";

/** Where the volume is mounted. Data is in a folder below, for the root of a file system has one of its own in it. */
const volumePath = "/var/lib/postgresql/data";

const certificates = { secret: "/tls", vaultAgent: "/vault/secrets" } as const;

/** One Postgres server of the platform's own. Source: Docker Official Images, "postgres". */
export function postgresServer(name: string, options: PostgresServer): DataParts {
  const { namespace, tls } = options;
  const config = `${name}-config`;
  return {
    workloads: { [name]: serverOf(name, options, config) },
    configMaps: tls === undefined ? {} : { [config]: accessRules(namespace, tls) },
  };
}

function serverOf(name: string, options: PostgresServer, config: string): Workload {
  const { tls, exporter, secret, database } = options;
  const ports = { postgres: dataPorts.postgres };
  return {
    kind: "StatefulSet",
    namespace: options.namespace,
    labels: componentLabels("postgres", name, "server"),
    container: "postgres",
    image: options.image,
    imagePullSecrets: options.imagePullSecrets,
    args: settings(options).flatMap(([setting, value]) => ["-c", `${setting}=${value}`]),
    replicas: 1,
    resources: options.resources,
    ports,
    services: {
      [name]: {
        ports: { ...ports, ...(exporter && { metrics: exporterPorts.postgres }) },
      },
    },
    env: {
      PGDATA: `${volumePath}/pgdata`,
      POSTGRES_DB: database,
      POSTGRES_USER: { secret: secret.name, key: secret.userKey },
      POSTGRES_PASSWORD: { secret: secret.name, key: secret.passwordKey },
      POSTGRES_INITDB_ARGS: "--data-checksums --auth-host=scram-sha-256 --auth-local=scram-sha-256",
    },
    mounts: {
      [volumePath]: { volumeClaim: "data" },
      "/var/run/postgresql": { emptyDir: { sizeLimit: "16Mi" } },
      "/dev/shm": { emptyDir: { sizeLimit: options.sharedMemory, medium: "Memory" } },
      "/tmp": { emptyDir: { sizeLimit: "256Mi" } },
      ...(tls && { "/config": { config } }),
      ...(tls?.secret !== undefined && { [certificates.secret]: certificateMount(tls.secret) }),
    },
    vaultAgent: tls?.vaultAgent,
    volumeClaims: { data: claim(options.storage) },
    probes: {
      // Recovery after a crash may replay a lot of WAL.
      startup: { ...answers(), periodSeconds: 5, failureThreshold: 120 },
      liveness: { ...answers(), periodSeconds: 10, failureThreshold: 6 },
      readiness: { ...answers(), periodSeconds: 5, failureThreshold: 3 },
    },
    // A server that is killed has to recover; a checkpoint of a large cache takes its time.
    terminationGracePeriodSeconds: 120,
    sidecars: exporter && { exporter: exporterOf(options) },
    metrics: exporter && { port: "metrics" },
    runAs: options.runAs,
    backup: options.backup,
  };
}

/** By TCP: while the image prepares its first start, a server answers on the socket alone. */
function answers(): Probe {
  return {
    exec: ["pg_isready", "-q", "-h", "127.0.0.1", "-p", String(dataPorts.postgres)],
    timeoutSeconds: 5,
  };
}

function settings({ parameters, tls }: PostgresServer): [string, string][] {
  const folder = tls === undefined
    ? undefined
    : certificates[tls.secret === undefined ? "vaultAgent" : "secret"];
  return Object.entries({
    ...(folder && {
      ssl: "on",
      ssl_cert_file: `${folder}/tls.crt`,
      ssl_key_file: `${folder}/tls.key`,
      ssl_ca_file: `${folder}/ca.crt`,
      ssl_min_protocol_version: "TLSv1.2",
      hba_file: "/config/pg_hba.conf",
    }),
    password_encryption: "scram-sha-256",
    ...parameters,
  });
}

function certificateMount(secret: string): Mount {
  return {
    secret,
    items: { "tls.crt": "tls.crt", "tls.key": "tls.key", "ca.crt": "ca.crt" },
  };
}

/** Who may connect how: all others encrypted, only what is in the pod itself not. Source: PostgreSQL, "pg_hba.conf". */
function accessRules(
  namespace: string,
  { clientCertificates }: PostgresTls,
): ConfigMapOptions {
  const method = "scram-sha-256";
  const others = clientCertificates === undefined
    ? method
    : `${method} clientcert=${clientCertificates}`;
  return {
    namespace,
    data: {
      "pg_hba.conf": [
        `local   all all              ${method}`,
        `host    all all 127.0.0.1/32 ${method}`,
        `host    all all ::1/128      ${method}`,
        `hostssl all all all          ${others}`,
        "",
      ].join("\n"),
    },
  };
}

/** Source: Postgres Server Exporter, "Environment Variables". */
function exporterOf({ exporter, secret, database }: PostgresServer): SideContainer {
  const ports = { metrics: exporterPorts.postgres };
  return {
    image: exporter!.image,
    resources: exporter!.resources,
    ports,
    env: {
      DATA_SOURCE_URI: `127.0.0.1:${dataPorts.postgres}/${database}?sslmode=disable`,
      DATA_SOURCE_USER: { secret: secret.name, key: secret.userKey },
      DATA_SOURCE_PASS: { secret: secret.name, key: secret.passwordKey },
    },
    probes: exporterProbes,
  };
}
