import type { Manifest } from "../../../lib/core/object.ts";
import type { ConfigMapOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { ConfigMap } from "../types.ts";

/** A ConfigMap. */
export function configMap(name: string, { namespace, data }: ConfigMapOptions): Manifest[] {
  return [
    define<ConfigMap>({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data: { ...data },
    }),
  ];
}
