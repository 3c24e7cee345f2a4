import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { storageClass, volume } from "./storage.ts";

/** Objects that hold data. */
export function dataObjects(platform: Platform): Manifest[] {
  return [
    ...each(platform.storageClasses, storageClass),
    ...each(platform.volumes, volume),
  ];
}
