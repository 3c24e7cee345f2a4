import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform, Postgres } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { longhorn } from "./longhorn.ts";
import { memberPolicies } from "./member_policies.ts";
import { objectsOf } from "./parts.ts";
import { cnpgCluster } from "./postgres_cnpg.ts";
import { zalandoCluster } from "./postgres_zalando.ts";
import { storageClass, volume } from "./storage.ts";
import { dataParts } from "./workloads.ts";

/** Objects that hold data. */
export function dataObjects(platform: Platform): Manifest[] {
  const longhornNamespace = platform.longhorn?.namespace ?? "longhorn-system";
  return [
    ...each(
      platform.storageClasses,
      (name, options) => storageClass(name, options, longhornNamespace),
    ),
    ...each(platform.volumes, volume),
    ...(platform.longhorn === undefined ? [] : longhorn(platform.longhorn)),
    ...each(platform.postgres, operatedCluster),
    ...dataParts(platform).flatMap(objectsOf),
    ...memberPolicies(platform),
  ];
}

/** A cluster that an operator runs; servers of the platform's own are workloads. */
function operatedCluster(name: string, options: Postgres): Manifest[] {
  if (options.kind === "zalando") return zalandoCluster(name, options);
  return options.kind === "cnpg" ? cnpgCluster(name, options) : [];
}
