import { declaredSecrets } from "../declared.ts";
import type { Mistake, Path } from "../mistake.ts";
import type { Platform, PodStorage, Resources } from "../types.ts";
import { checkMinio } from "./data_minio.ts";
import { checkMongodb } from "./data_mongodb.ts";
import { checkPostgres } from "./data_postgres.ts";
import { checkRedis, checkValkey } from "./data_redis.ts";
import { checkLonghorn } from "./longhorn.ts";
import { refer } from "./reference.ts";
import { checkResources } from "./resources.ts";

/** Data stores need their namespace, their class of volumes and their Secrets, and figures that fit together. */
export function checkData(platform: Platform): Mistake[] {
  return [
    ...Object.entries(platform.postgres).flatMap(([name, options]) =>
      checkPostgres(["postgres", name], name, options, platform)
    ),
    ...Object.entries(platform.mongodb).flatMap(([name, options]) =>
      checkMongodb(["mongodb", name], options, platform)
    ),
    ...Object.entries(platform.redis).flatMap(([name, options]) =>
      checkRedis(["redis", name], options, platform)
    ),
    ...Object.entries(platform.valkey).flatMap(([name, options]) =>
      checkValkey(["valkey", name], options, platform)
    ),
    ...Object.entries(platform.minio).flatMap(([name, options]) =>
      checkMinio(["minio", name], options, platform)
    ),
    ...checkLonghorn(platform),
    ...stores.flatMap((section) =>
      Object.entries<Store>(platform[section]).flatMap(([name, options]) =>
        checkStore([section, name], options, platform)
      )
    ),
  ];
}

const stores = ["postgres", "mongodb", "redis", "valkey", "minio"] as const;

/** What data stores of all kinds have. */
interface Store {
  namespace: string;
  storage?: PodStorage;
  walStorage?: PodStorage;
  resources: Resources;
  imagePullSecrets?: string[];
  exporter?: { resources: Resources };
  pooler?: { resources: Resources };
  sentinel?: { resources: Resources };
}

function checkStore(path: Path, options: Store, platform: Platform): Mistake[] {
  const { namespace, imagePullSecrets = [] } = options;
  const pullSecrets = declaredSecrets(platform).filter((secret) =>
    secret.namespace === namespace && secret.type === "kubernetes.io/dockerconfigjson"
  );
  return [
    ...refer(
      [...path, "namespace"],
      namespace,
      Object.keys(platform.namespaces),
      "namespace",
    ),
    ...(["storage", "walStorage"] as const).flatMap((field) => {
      const storage = options[field];
      return storage === undefined ? [] : checkClass([...path, field], storage, platform);
    }),
    ...checkResources([...path, "resources"], options.resources),
    ...(["exporter", "pooler", "sentinel"] as const).flatMap((part) => {
      const resources = options[part]?.resources;
      return resources === undefined ? [] : checkResources([...path, part, "resources"], resources);
    }),
    ...imagePullSecrets.flatMap((secret, index) =>
      refer(
        [...path, "imagePullSecrets", index],
        secret,
        pullSecrets.map(({ name }) => name),
        `pull secret in namespace ${namespace}`,
      )
    ),
  ];
}

function checkClass(path: Path, { storageClass }: PodStorage, platform: Platform): Mistake[] {
  const at = [...path, "storageClass"];
  const given = platform.storageClasses[storageClass]?.accessModes;
  if (given === undefined || given.includes("ReadWriteOnce")) {
    return refer(at, storageClass, Object.keys(platform.storageClasses), "storage class");
  }
  return [{
    path: at,
    message: `storage class ${storageClass} cannot give ReadWriteOnce, expected one that can`,
  }];
}
