import type { Path } from "../mistake.ts";
import type { Platform, Workload } from "../types.ts";
import type { AppParts } from "./app_parts.ts";
import { authentikParts } from "./authentik.ts";
import { mailuParts } from "./mailu.ts";

/** A ready-made program. */
export interface App extends AppParts {
  /** What it is, as messages say it. */
  what: string;
  /** Where it is declared in the platform. */
  path: Path & readonly string[];
}

/** All ready-made programs of a platform. */
export function appsOf(
  { identityProviders, mail }: Pick<Platform, "identityProviders" | "mail">,
): App[] {
  return [
    ...Object.entries(identityProviders).map(([name, options]) => ({
      what: "part of an identity provider",
      path: ["identityProviders", name],
      ...authentikParts(name, options),
    })),
    ...Object.entries(mail).map(([name, options]) => ({
      what: "part of a mail server",
      path: ["mail", name],
      ...mailuParts(name, options),
    })),
  ];
}

/** All workloads by name: those of the platform, and those that its ready-made programs consist of. */
export function workloadsOf(
  platform: Pick<Platform, "workloads" | "identityProviders" | "mail">,
): Record<string, Workload> {
  return {
    ...Object.assign({}, ...appsOf(platform).map(({ workloads }) => workloads)),
    ...platform.workloads,
  };
}
