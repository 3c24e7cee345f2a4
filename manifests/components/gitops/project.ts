import type { Manifest } from "../../../lib/core/object.ts";
import type { KindPattern, Project as ProjectOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { AppProject } from "../types.ts";
import { ownCluster } from "./application.ts";

/** An Argo CD project, which keeps its Applications to some repositories, namespaces and kinds. */
export function project(name: string, options: ProjectOptions): Manifest[] {
  const { clusterResources = [], withoutResources, roles } = options;
  return [define<AppProject>({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name, namespace: options.namespace },
    spec: {
      description: options.description,
      sourceRepos: [...options.sourceRepositories],
      destinations: options.destinations.map((namespace) => ({ server: ownCluster, namespace })),
      clusterResourceWhitelist: clusterResources.map(copy),
      namespaceResourceBlacklist: withoutResources?.map(copy),
      roles: roles && Object.entries(roles).map(([role, { description, groups, may }]) => ({
        name: role,
        description,
        groups: [...groups],
        policies: may.map((action) =>
          `p, proj:${name}:${role}, applications, ${action}, ${name}/*, allow`
        ),
      })),
    },
  })];
}

function copy({ group, kind }: KindPattern) {
  return { group, kind };
}
