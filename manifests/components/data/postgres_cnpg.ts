import type { Manifest } from "../../../lib/core/object.ts";
import { poolerName } from "../../../lib/platform/data_names.ts";
import type { CnpgCluster as ClusterOptions, WalArchive } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import { antiAffinity, resourcesOf, topologySpread } from "../workload/pod.ts";
import type { CnpgCluster, CnpgPooler, CnpgScheduledBackup } from "../types.ts";
import type { BarmanObjectStore } from "../types_barman.ts";
import { apart } from "./parts.ts";

/** Name of the plugin. Source: CloudNativePG, "Using the Barman Cloud Plugin". */
const barmanPlugin = "barman-cloud.cloudnative-pg.io";

/** A Postgres cluster of CloudNativePG, which makes its pods, Services, Secrets and disruption budgets. */
export function cnpgCluster(name: string, options: ClusterOptions): Manifest[] {
  const { walArchive, namespace } = options;
  return [
    cluster(name, options),
    ...pooler(name, options),
    ...(walArchive === undefined ? [] : archive(name, namespace, walArchive)),
  ];
}

function cluster(name: string, options: ClusterOptions): Manifest {
  const { instances, storage, walStorage, parameters, synchronousStandbys, walArchive } = options;
  const spread = options.spread ?? apart;
  return define<CnpgCluster>({
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name, namespace: options.namespace },
    spec: {
      instances,
      imageName: options.image,
      storage: { size: storage.size, storageClass: storage.storageClass },
      walStorage: walStorage && { size: walStorage.size, storageClass: walStorage.storageClass },
      resources: resourcesOf(options.resources),
      bootstrap: {
        initdb: { database: options.database, owner: options.owner, dataChecksums: true },
      },
      postgresql: {
        parameters: Object.keys(parameters).length === 0 ? undefined : { ...parameters },
        // Rules that are given come before the operator's own, which let in whoever has the password.
        pg_hba: options.requireTls ? ["hostnossl all all all reject"] : undefined,
        synchronous: synchronousStandbys === 0 ? undefined : {
          method: "any",
          number: synchronousStandbys,
          // A standby that is down must not stop all writes.
          dataDurability: "preferred",
        },
      },
      affinity: {
        enablePodAntiAffinity: instances > 1 && spread.antiAffinity !== undefined,
        podAntiAffinityType: spread.antiAffinity,
      },
      topologySpreadConstraints: instances < 2 || spread.topology === undefined ? undefined : [
        topologySpread(spread.topology, { "cnpg.io/cluster": name }),
      ],
      plugins: walArchive && [{
        name: barmanPlugin,
        isWALArchiver: true,
        parameters: { barmanObjectName: name },
      }],
    },
  });
}

function pooler(name: string, { pooler, namespace }: ClusterOptions): Manifest[] {
  if (pooler === undefined) return [];
  const labels = { "cnpg.io/poolerName": poolerName(name) };
  return [define<CnpgPooler>({
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Pooler",
    metadata: { name: poolerName(name), namespace },
    spec: {
      cluster: { name },
      type: "rw",
      instances: pooler.instances,
      pgbouncer: { poolMode: pooler.mode },
      template: {
        metadata: { labels },
        spec: {
          affinity: pooler.instances < 2 ? undefined : antiAffinity("preferred", labels),
          containers: [{ name: "pgbouncer", resources: resourcesOf(pooler.resources) }],
        },
      },
    },
  })];
}

/** Source: CloudNativePG, "Using the Barman Cloud Plugin". */
function archive(name: string, namespace: string, options: WalArchive): Manifest[] {
  const { bucket, endpoint, region, secret } = options;
  return [
    define<BarmanObjectStore>({
      apiVersion: "barmancloud.cnpg.io/v1",
      kind: "ObjectStore",
      metadata: { name, namespace },
      spec: {
        configuration: {
          destinationPath: bucket,
          endpointURL: endpoint,
          s3Credentials: {
            accessKeyId: { name: secret.name, key: secret.accessKeyKey },
            secretAccessKey: { name: secret.name, key: secret.secretKeyKey },
          },
          wal: { compression: "gzip" },
          data: { compression: "gzip" },
        },
        retentionPolicy: `${options.keepForDays}d`,
        instanceSidecarConfiguration: {
          env: [
            { name: "AWS_DEFAULT_REGION", value: region ?? "us-east-1" },
            // Other stores than AWS do not know the checksums that its newer clients send.
            ...(endpoint === undefined ? [] : [
              { name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" },
              { name: "AWS_RESPONSE_CHECKSUM_VALIDATION", value: "when_required" },
            ]),
          ],
        },
      },
    }),
    define<CnpgScheduledBackup>({
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "ScheduledBackup",
      metadata: { name, namespace },
      spec: {
        cluster: { name },
        // Six fields: seconds come first. Source: CloudNativePG, "Scheduled backups".
        schedule: `0 ${options.baseBackupSchedule}`,
        // Without a base backup, the archive of WAL is worth nothing.
        immediate: true,
        backupOwnerReference: "self",
        method: "plugin",
        pluginConfiguration: { name: barmanPlugin },
      },
    }),
  ];
}
