import type { Manifest } from "../../../lib/core/object.ts";
import type {
  Application as ApplicationOptions,
  Delivery,
  RootApplication,
} from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Application } from "../types.ts";

/** The cluster that Argo CD itself runs on. Source: Argo CD, "Application specification". */
export const ownCluster = "https://kubernetes.default.svc";

/** What Argo CD deployed goes with the Application. Source: Argo CD, "App deletion". */
export const deletionFinalizer = "resources-finalizer.argocd.argoproj.io/foreground";

/** An Argo CD Application that deploys a folder of a Git repository into the cluster it runs on. */
export function application(name: string, options: ApplicationOptions): Manifest[] {
  const { helm, retries, ignoreDifferences, syncOptions = [] } = options;
  return [define<Application>({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: metadataOf(name, options),
    spec: {
      project: options.project,
      source: {
        ...gitSource(options),
        helm: helm && { valueFiles: [...helm.valueFiles], releaseName: helm.releaseName },
      },
      destination: { server: ownCluster, namespace: options.destination },
      syncPolicy: {
        automated: automated(options),
        retry: retries === undefined ? undefined : { limit: retries },
        syncOptions: ["CreateNamespace=true", "ServerSideApply=true", ...syncOptions],
      },
      ignoreDifferences: ignoreDifferences?.map(({ group, kind, name, fields }) => ({
        group,
        kind,
        name,
        jsonPointers: [...fields],
      })),
    },
  })];
}

/** The Application of Applications: its folder holds the others, so that applying it alone brings all of them. */
export function rootApplication(options: RootApplication): Manifest[] {
  return [define<Application>({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: metadataOf(options.name, options),
    spec: {
      project: options.project,
      source: { ...gitSource(options), directory: { recurse: true } },
      destination: { server: ownCluster, namespace: options.namespace },
      syncPolicy: { automated: automated(options), syncOptions: ["ServerSideApply=true"] },
    },
  })];
}

function metadataOf(name: string, { namespace, finalizer }: Delivery) {
  return { name, namespace, finalizers: finalizer ? [deletionFinalizer] : undefined };
}

function gitSource({ repository, path, revision }: Delivery) {
  return { repoURL: repository, path, targetRevision: revision };
}

/** Without it Argo CD only tells of differences, and somebody has to start each sync. */
function automated({ autoSync, prune, selfHeal }: Delivery) {
  return autoSync ? { prune, selfHeal } : undefined;
}
