import type { Access } from "./guard_access.ts";
import type { Flow, Group, Peer, Zone } from "./guard_network.ts";
import type { Limits, Quota } from "./guard_quota.ts";

export type * from "./guard_access.ts";
export type * from "./guard_network.ts";
export type * from "./guard_quota.ts";

/** Sections of a platform about who may do and reach what. */
export interface GuardSections {
  /** Namespaces, by name. */
  namespaces: Record<string, Namespace>;
  /** Ends of network flows that are not workloads of the platform, by name. */
  peers: Record<string, Peer>;
  /** Several ends of flows under one name. */
  groups: Record<string, Group>;
  /** Parts of the platform that only certain others may call, by name; flows must keep to them. */
  zones: Record<string, Zone>;
  /** Connections that are allowed. */
  flows: Flow[];
  /** What people and programs may do on the cluster, by name. */
  access: Record<string, Access>;
}

/** A namespace and what is enforced in it. */
export interface Namespace {
  /** Made by someone else; only named here. @default false */
  existing?: boolean;
  /** Pod Security level that is enforced; needed unless `existing`. */
  podSecurity?: "privileged" | "baseline" | "restricted";
  /** Allow no connection but those in `flows`, and DNS. @default false */
  defaultDeny?: boolean;
  /** More labels of the namespace. */
  labels?: Record<string, string>;
  /** Domain of the tenant who lives here; hosts outside of it are not its own. Becomes the label `slipway.dev/domain`. */
  domain?: string;
  /** What all pods of the namespace may use together. */
  quota?: Quota;
  /** What one container gets that asks for nothing, and may ask for at most. */
  limits?: Limits;
}
