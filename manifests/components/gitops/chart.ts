import { stringify } from "yaml";
import type { Manifest } from "../../../lib/core/object.ts";
import { catalogue, type ChartPin } from "../../../lib/platform/catalogue.ts";
import type { Chart, Charts, Platform } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Application } from "../types.ts";
import type { HelmChart, HelmChartConfig } from "../types_helm.ts";
import { ownCluster } from "./application.ts";
import type { HelmValues } from "./chart_values/helm_values.ts";
import { helmValues } from "./chart_values/values.ts";

/** Namespace in which k3s keeps its charts, where it looks for all of them. Source: k3s, "Helm". */
const helmNamespace = "kube-system";

/** The third-party systems of a platform, each by the one who is to install it. */
export function charts({ charts, projects }: Platform): Manifest[] {
  const { charts: pins } = catalogue();
  // A project that Argo CD has of itself is where Argo CD is.
  const namespaceOf = ({ project = "" }: Chart<unknown>) =>
    projects[project]?.namespace ?? charts["argo-cd"]?.namespace ?? "argocd";
  const names = Object.keys(charts) as (keyof Charts)[];
  return names.flatMap((name) => {
    const options = charts[name];
    if (options === undefined) return [];
    const values = helmValues(name, charts);
    return options.via === "k3s"
      ? byK3s(name, pins[name], options, values)
      : byArgoCd(name, pins[name], options, values, namespaceOf(options));
  });
}

/** A HelmChart; for what k3s brings itself only the values. */
function byK3s(
  name: string,
  pin: ChartPin,
  { namespace }: Chart<unknown>,
  values: HelmValues,
): Manifest[] {
  const valuesContent = stringify(values, { compat: "yaml-1.1", lineWidth: 0 });
  const metadata = { name, namespace: helmNamespace };
  if (pin.bundledWithK3s) {
    return [define<HelmChartConfig>({
      apiVersion: "helm.cattle.io/v1",
      kind: "HelmChartConfig",
      metadata,
      spec: { valuesContent },
    })];
  }
  const isOci = pin.repository.startsWith("oci://");
  return [define<HelmChart>({
    apiVersion: "helm.cattle.io/v1",
    kind: "HelmChart",
    metadata,
    spec: {
      repo: isOci ? undefined : pin.repository,
      chart: isOci ? `${pin.repository}/${pin.chart}` : pin.chart,
      version: pin.version,
      targetNamespace: namespace,
      valuesContent,
      // Slipway applies definitions before the objects that need them; Helm must not stumble over them.
      takeOwnership: pin.bringsDefinitions,
    },
  })];
}

function byArgoCd(
  name: string,
  pin: ChartPin,
  { namespace, project = "" }: Chart<unknown>,
  values: HelmValues,
  argoCdNamespace: string,
): Manifest[] {
  return [define<Application>({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: argoCdNamespace },
    spec: {
      project,
      source: {
        // Source: Argo CD, "Helm": repositories of OCI charts are named without their scheme.
        repoURL: pin.repository.replace(/^oci:\/\//, ""),
        chart: pin.chart,
        targetRevision: pin.version,
        helm: { releaseName: name, valuesObject: values },
      },
      destination: { server: ownCluster, namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["CreateNamespace=true", "ServerSideApply=true"],
      },
    },
  })];
}
