import type { Manifest } from "../../../lib/core/object.ts";
import type { Application as ApplicationOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Application } from "../types.ts";

/** An Argo CD Application that deploys a folder of a Git repository into the cluster it runs on. */
export function application(name: string, options: ApplicationOptions): Manifest[] {
  const { prune, selfHeal } = options;
  return [define<Application>({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: options.namespace },
    spec: {
      project: options.project,
      source: {
        repoURL: options.repository,
        path: options.path,
        targetRevision: options.revision,
      },
      destination: {
        server: "https://kubernetes.default.svc",
        namespace: options.destination,
      },
      syncPolicy: {
        automated: options.autoSync ? { prune, selfHeal } : undefined,
        syncOptions: ["CreateNamespace=true", "ServerSideApply=true"],
      },
    },
  })];
}
