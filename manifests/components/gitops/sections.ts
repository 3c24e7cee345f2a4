import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { application } from "./application.ts";

/** Objects by which a platform is delivered from Git. */
export function gitopsObjects(platform: Platform): Manifest[] {
  return each(platform.applications, application);
}
