import type { Manifest } from "../../../lib/core/object.ts";
import type { Platform } from "../../../lib/platform/types.ts";
import { each } from "../manifest.ts";
import { application, rootApplication } from "./application.ts";
import { charts } from "./chart.ts";
import { project } from "./project.ts";

/** Objects by which a platform is delivered from Git. */
export function gitopsObjects(platform: Platform): Manifest[] {
  const { projects, applications, rootApplication: root } = platform;
  return [
    ...each(projects, project),
    ...each(applications, application),
    ...(root === undefined ? [] : rootApplication(root)),
    ...charts(platform),
  ];
}
