import type { Platform } from "./types.ts";

/** Namespace of cert-manager: that of its chart, or else the usual one. Source: cert-manager, "Installation". */
export function certManagerNamespace({ charts }: Pick<Platform, "charts">): string {
  return charts["cert-manager"]?.namespace ?? "cert-manager";
}
