import type { AppSections } from "./types/apps.ts";
import type { BackupSections } from "./types/backup.ts";
import type { ChartSections } from "./types/charts.ts";
import type { DataSections } from "./types/data.ts";
import type { EdgeSections } from "./types/edges.ts";
import type { GitopsSections } from "./types/gitops.ts";
import type { GuardSections } from "./types/guard.ts";
import type { MonitoringSections } from "./types/monitoring.ts";
import type { NodeSections } from "./types/nodes.ts";
import type { ReviewSections } from "./types/review.ts";
import type { SecretSections } from "./types/secrets.ts";
import type { WorkloadSections } from "./types/workload.ts";

export type * from "./types/alerts.ts";
export type * from "./types/apps.ts";
export type * from "./types/backup.ts";
export type * from "./types/charts.ts";
export type * from "./types/chart_values.ts";
export type * from "./types/chart_values_edges.ts";
export type * from "./types/chart_values_services.ts";
export type * from "./types/dashboards.ts";
export type * from "./types/monitoring.ts";
export type * from "./types/container.ts";
export type * from "./types/data.ts";
export type * from "./types/edges.ts";
export type * from "./types/gitops.ts";
export type * from "./types/grafana.ts";
export type * from "./types/guard.ts";
export type * from "./types/mount.ts";
export type * from "./types/pod.ts";
export type * from "./types/nodes.ts";
export type * from "./types/review.ts";
export type * from "./types/secrets.ts";
export type * from "./types/vault_agent.ts";
export type * from "./types/workload.ts";

/** What a platform file says for one environment, checked and complete: a few words, and sections by subject. */
export interface Platform
  extends
    WorkloadSections,
    AppSections,
    EdgeSections,
    SecretSections,
    DataSections,
    GuardSections,
    BackupSections,
    MonitoringSections,
    GitopsSections,
    ChartSections,
    NodeSections,
    ReviewSections {
  /** Name of the platform. */
  name: string;
  /** The environment whose overlay is merged in. */
  environment: string;
  /** Domain that all hosts belong to. */
  domain: string;
  /** The cluster this environment lives on; the embedded one when absent. */
  target?: Target;
  /**
   * Objects that other platforms on the same cluster may have too, as `Kind/namespace/name` with `*` for any
   * text: the first platform brings them, the last removes them.
   */
  shared: string[];
}

/** Where an environment lives: exactly one of `context` and `hosts`. */
export interface Target {
  /** Context of a kubeconfig. */
  context?: string;
  /** Hosts to install k3s on, by name. */
  hosts?: Record<string, TargetHost>;
}

/** A host of a cluster. */
export interface TargetHost {
  /** Host name or address for SSH. */
  address: string;
  /** User for SSH. */
  user: string;
  /** Role in the cluster. */
  role: "server" | "agent";
}
