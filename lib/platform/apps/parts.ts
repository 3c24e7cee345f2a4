import type { ConfigMapOptions, Platform, Workload } from "../types.ts";
import { authentikParts } from "./authentik.ts";
import { mailuParts } from "./mailu.ts";

/** What a ready-made program consists of, in the terms of the sections that anybody could write. */
export interface AppParts {
  /** Its workloads, by name. */
  workloads: Record<string, Workload>;
  /** Its ConfigMaps, by name. */
  configMaps: Record<string, ConfigMapOptions>;
}

/** What all ready-made programs of a platform consist of. */
export function appParts(
  { identityProviders, mail }: Pick<Platform, "identityProviders" | "mail">,
): AppParts {
  const parts = [
    ...Object.entries(identityProviders).map(([name, options]) => authentikParts(name, options)),
    ...Object.entries(mail).map(([name, options]) => mailuParts(name, options)),
  ];
  return {
    workloads: Object.assign({}, ...parts.map(({ workloads }) => workloads)),
    configMaps: Object.assign({}, ...parts.map(({ configMaps }) => configMaps)),
  };
}

/** All workloads by name: those of the platform, and those that its ready-made programs consist of. */
export function workloadsOf(
  platform: Pick<Platform, "workloads" | "identityProviders" | "mail">,
): Record<string, Workload> {
  return { ...appParts(platform).workloads, ...platform.workloads };
}
