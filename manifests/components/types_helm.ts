import type { ObjectMeta } from "../../lib/core/object.ts";

/** A chart that k3s installs. Source: k3s-io/helm-controller v0.17, helm.cattle.io/v1 HelmChart. */
export interface HelmChart {
  /** Group and version. */
  apiVersion: "helm.cattle.io/v1";
  /** Kind. */
  kind: "HelmChart";
  /** Name, which the release gets too, and namespace. */
  metadata: ObjectMeta;
  /** What is wanted. */
  spec: HelmChartSpec;
}

/** What is wanted of a chart. */
export interface HelmChartSpec {
  /** URL of the repository; none with `oci://` in `chart`. */
  repo?: string;
  /** Name in the repository, or URL with `oci://`. */
  chart: string;
  /** Version of the chart. */
  version: string;
  /** Namespace that it is installed into. */
  targetNamespace: string;
  /** Values, as YAML. */
  valuesContent: string;
  /** Take over objects that exist already, such as definitions. */
  takeOwnership?: boolean;
}

/** Values for a chart that k3s brings itself. Source: k3s-io/helm-controller v0.17, helm.cattle.io/v1 HelmChartConfig. */
export interface HelmChartConfig {
  /** Group and version. */
  apiVersion: "helm.cattle.io/v1";
  /** Kind. */
  kind: "HelmChartConfig";
  /** Name and namespace of the HelmChart. */
  metadata: ObjectMeta;
  /** What is wanted. */
  spec: HelmChartConfigSpec;
}

/** What is wanted differently. */
export interface HelmChartConfigSpec {
  /** Values, as YAML. */
  valuesContent: string;
}
