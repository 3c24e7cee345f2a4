/** Rights that are given to groups of people, or to programs: becomes role bindings, and the role that they name. */
export interface Access {
  /** Which rights. */
  role: AccessRole;
  /** Groups as the cluster's authentication names them; at least one, or a service account. */
  groups?: string[];
  /** Service accounts, for programs in the cluster that build or deploy. */
  serviceAccounts?: AccessAccount[];
  /** Namespaces that the rights hold in; needed for `developer` and `ci-cd`. @default the whole cluster */
  namespaces?: string[];
}

/**
 * - `cluster-admin`: everything.
 * - `developer`: reads and writes workloads, their configuration, services and routes, and looks into pods; no
 *   Secrets, which come from where they are kept, and no quotas, policies or roles.
 * - `viewer`: reads all but Secrets and roles.
 *   Who may start pods can still mount the Secrets beside them, so a namespace is as private as its developers.
 * - `ci-cd`: rolls out workloads and their configuration, and runs Jobs; deletes only Jobs.
 */
export type AccessRole = "cluster-admin" | "developer" | "viewer" | "ci-cd";

/** A service account that is given rights. */
export interface AccessAccount {
  /** Namespace that it lives in. */
  namespace: string;
  /** Its name. */
  name: string;
}
