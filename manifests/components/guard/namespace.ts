import { domainLabel } from "../../../lib/core/labels.ts";
import type { Manifest } from "../../../lib/core/object.ts";
import type { Namespace as NamespaceOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Namespace } from "../types.ts";

/**
 * A namespace with its Pod Security labels, and its tenant's domain; nothing for one that somebody else makes.
 * Source: Kubernetes, "Pod Security Standards" and "Pod Security Admission".
 */
export function namespace(name: string, options: NamespaceOptions): Manifest[] {
  const { existing, podSecurity, labels, domain } = options;
  if (existing === true || podSecurity === undefined) return [];
  return [define<Namespace>({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        ...labels,
        ...(domain === undefined ? {} : { [domainLabel]: domain }),
        ...Object.fromEntries(
          ["enforce", "audit", "warn"].flatMap((mode) => [
            [`pod-security.kubernetes.io/${mode}`, podSecurity],
            [`pod-security.kubernetes.io/${mode}-version`, "latest"],
          ]),
        ),
      },
    },
  })];
}
