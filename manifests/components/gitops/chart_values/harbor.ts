import type { HarborValues } from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Without databases of its own. Source: goharbor/harbor-helm, values.yaml. */
export function harbor(options: HarborValues): HelmValues {
  const { host, replicas, storage, database, adminPassword, trivy, metrics } = options;
  const each = { replicas };
  return {
    expose: { type: "clusterIP", tls: { enabled: false } },
    externalURL: `https://${host}`,
    existingSecretAdminPassword: adminPassword.secret,
    existingSecretAdminPasswordKey: adminPassword.key,
    persistence: {
      persistentVolumeClaim: {
        registry: storage,
        jobservice: { jobLog: { storageClass: storage.storageClass } },
        trivy: { storageClass: storage.storageClass },
      },
    },
    database: {
      type: "external",
      external: {
        host: database.host,
        port: database.port ?? 5432,
        username: database.user,
        coreDatabase: database.name,
        existingSecret: database.password.secret,
      },
    },
    redis: {
      type: "external",
      external: {
        addr: options.redis,
        sentinelMasterSet: options.redisMaster,
        existingSecret: options.redisSecret,
      },
    },
    core: each,
    portal: each,
    registry: each,
    jobservice: each,
    nginx: each,
    trivy: { enabled: trivy ?? true, ...each },
    metrics: metrics ? { enabled: true, serviceMonitor: { enabled: true } } : undefined,
  };
}
