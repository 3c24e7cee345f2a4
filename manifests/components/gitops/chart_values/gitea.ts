import type { GiteaValues } from "../../../../lib/platform/types.ts";
import type { HelmValues } from "./helm_values.ts";

/** Without databases of its own. Source: gitea/helm-gitea v12, values.yaml; Gitea, "Configuration Cheat Sheet". */
export function gitea(options: GiteaValues): HelmValues {
  const { host, resources, storage, database, redisUrl, adminSecret, metrics } = options;
  const fromSecret = (name: string, { secret, key }: { secret: string; key: string }) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });
  return {
    resources,
    persistence: { size: storage.size, storageClass: storage.storageClass },
    "postgresql-ha": { enabled: false },
    postgresql: { enabled: false },
    "valkey-cluster": { enabled: false },
    valkey: { enabled: false },
    gitea: {
      admin: { existingSecret: adminSecret },
      config: {
        server: { DOMAIN: host, ROOT_URL: `https://${host}/`, LFS_START_SERVER: true },
        database: {
          DB_TYPE: "postgres",
          HOST: `${database.host}:${database.port ?? 5432}`,
          NAME: database.name,
          USER: database.user,
        },
        cache: { ADAPTER: "redis" },
        session: { PROVIDER: "redis" },
        queue: { TYPE: "redis" },
      },
      additionalConfigFromEnvs: [
        fromSecret("GITEA__DATABASE__PASSWD", database.password),
        fromSecret("GITEA__CACHE__HOST", redisUrl),
        fromSecret("GITEA__SESSION__PROVIDER_CONFIG", redisUrl),
        fromSecret("GITEA__QUEUE__CONN_STR", redisUrl),
      ],
      metrics: metrics ? { enabled: true, serviceMonitor: { enabled: true } } : undefined,
    },
  };
}
