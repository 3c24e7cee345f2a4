import type { Manifest } from "../../../lib/core/object.ts";
import {
  dataPorts,
  exporterPorts,
  zalandoSecret,
  zalandoUserName,
} from "../../../lib/platform/data_names.ts";
import type { WalArchive, ZalandoCluster } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { PostgresqlCluster } from "../types_zalando.ts";

/** User, group and group of volumes of Spilo's postgres. Source: Postgres Operator, `spilo_runasuser` and others. */
const spilo = { user: 101, group: 103 };

type Variables = NonNullable<PostgresqlCluster["spec"]["env"]>;

/** A Postgres cluster of Zalando's operator, which makes its pods, Services, Secrets and disruption budgets. */
export function zalandoCluster(name: string, options: ZalandoCluster): Manifest[] {
  const { pooler, walArchive, exporter, parameters, resources } = options;
  const users = Object.entries(options.users);
  const called = (user: string) => zalandoUserName(user, options.users[user]?.secretNamespace);
  return [define<PostgresqlCluster>({
    apiVersion: "acid.zalan.do/v1",
    kind: "postgresql",
    metadata: { name, namespace: options.namespace },
    spec: {
      teamId: options.team,
      dockerImage: options.image,
      numberOfInstances: options.instances,
      volume: { size: options.storage.size, storageClass: options.storage.storageClass },
      users: Object.fromEntries(users.map(([user, { flags }]) => [called(user), [...flags]])),
      databases: Object.fromEntries(
        Object.entries(options.databases).map(([database, owner]) => [database, called(owner)]),
      ),
      postgresql: {
        version: options.version,
        parameters: Object.keys(parameters).length === 0 ? undefined : { ...parameters },
      },
      resources: { requests: { ...resources.requests }, limits: { ...resources.limits } },
      patroni: {
        synchronous_mode: options.synchronous,
        // Without it, an API server that cannot be reached makes the primary give up its office.
        failsafe_mode: true,
      },
      enableShmVolume: true,
      spiloRunAsUser: spilo.user,
      spiloRunAsGroup: spilo.group,
      spiloFSGroup: spilo.group,
      enableConnectionPooler: pooler !== undefined,
      connectionPooler: pooler && {
        numberOfInstances: pooler.instances,
        mode: pooler.mode,
        maxDBConnections: pooler.maxConnections,
        resources: {
          requests: { ...pooler.resources.requests },
          limits: { ...pooler.resources.limits },
        },
      },
      env: walArchive && archiving(options.namespace, walArchive),
      sidecars: exporter && [{
        name: "exporter",
        image: exporter.image,
        ports: [{ name: "metrics", containerPort: exporterPorts.postgres, protocol: "TCP" }],
        env: exporterVariables(name),
        resources: {
          requests: { ...exporter.resources.requests },
          limits: { ...exporter.resources.limits },
        },
      }],
    },
  })];
}

/** Source: Spilo, ENVIRONMENT.rst and postgres-appliance/scripts/configure_spilo.py, postgres_backup.sh. */
function archiving(namespace: string, archive: WalArchive): Variables {
  const { bucket, endpoint, region, secret } = archive;
  return [
    { name: "WAL_S3_BUCKET", value: bucket.replace("s3://", "") },
    // Clusters of one name in two namespaces would otherwise write over each other's archive.
    { name: "WAL_BUCKET_SCOPE_PREFIX", value: `${namespace}-` },
    { name: "WAL_BUCKET_SCOPE_SUFFIX", value: "" },
    { name: "AWS_REGION", value: region ?? "us-east-1" },
    ...(endpoint === undefined ? [] : [
      { name: "AWS_ENDPOINT", value: endpoint },
      { name: "AWS_S3_FORCE_PATH_STYLE", value: "true" },
      // Other stores refuse the encryption that AWS does by itself.
      { name: "WALG_DISABLE_S3_SSE", value: "true" },
    ]),
    {
      name: "AWS_ACCESS_KEY_ID",
      valueFrom: { secretKeyRef: { name: secret.name, key: secret.accessKeyKey } },
    },
    {
      name: "AWS_SECRET_ACCESS_KEY",
      valueFrom: { secretKeyRef: { name: secret.name, key: secret.secretKeyKey } },
    },
    { name: "USE_WALG_BACKUP", value: "true" },
    { name: "USE_WALG_RESTORE", value: "true" },
    { name: "CLONE_USE_WALG_RESTORE", value: "true" },
    { name: "BACKUP_SCHEDULE", value: archive.baseBackupSchedule },
    // Days, in spite of its name.
    { name: "BACKUP_NUM_TO_RETAIN", value: String(archive.keepForDays) },
  ];
}

function exporterVariables(name: string): Variables {
  const secret = zalandoSecret(name, "postgres");
  return [
    {
      name: "DATA_SOURCE_URI",
      value: `127.0.0.1:${dataPorts.postgres}/postgres?sslmode=require`,
    },
    {
      name: "DATA_SOURCE_USER",
      valueFrom: { secretKeyRef: { name: secret, key: "username" } },
    },
    {
      name: "DATA_SOURCE_PASS",
      valueFrom: { secretKeyRef: { name: secret, key: "password" } },
    },
  ];
}
