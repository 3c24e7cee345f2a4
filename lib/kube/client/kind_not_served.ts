import { SlipwayError } from "../../core/errors.ts";
import { groupOf } from "../../core/object.ts";

/** The server does not serve a kind that a request is about. */
export class KindNotServed extends SlipwayError {
  /** Group and version, such as `cert-manager.io/v1`. */
  readonly apiVersion: string;
  /** The kind. */
  readonly kind: string;
  /** Other versions of the group that are served. */
  readonly otherVersions: readonly string[];

  /** Make an error from what was tried, and the versions of the group that are served. */
  constructor(tried: string, apiVersion: string, kind: string, served: readonly string[]) {
    const others = served.filter((other) => other !== apiVersion);
    super(
      `Cannot ${tried}: the server does not serve ${kind} of ${apiVersion}${
        others.length === 0 ? "" : `; of this group it serves ${others.join(", ")}`
      }`,
      { remedy: remedyFor(apiVersion, kind, others.length > 0) },
    );
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.otherVersions = others;
  }
}

function remedyFor(apiVersion: string, kind: string, otherVersions: boolean): string {
  const group = groupOf(apiVersion);
  if (otherVersions) return "use a version that is served, or upgrade what serves the group";
  // Groups of Kubernetes itself have no dot, or belong to k8s.io.
  if (!group.includes(".") || group.endsWith(".k8s.io")) {
    return `check apiVersion and kind: ${apiVersion} ${kind} is not part of this server's version`;
  }
  return `install the CustomResourceDefinition of ${kind} in the group ${group}, which comes with the operator that handles it`;
}
