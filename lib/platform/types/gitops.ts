/** Sections of a platform about delivery from Git. */
export interface GitopsSections {
  /** Argo CD projects, by name. */
  projects: Record<string, Project>;
  /** Argo CD Applications, by name. */
  applications: Record<string, Application>;
  /** The Application that delivers all others. */
  rootApplication?: RootApplication;
}

/** An Argo CD project: what its Applications may take from where, and bring to where. */
export interface Project {
  /** Namespace of Argo CD. */
  namespace: string;
  /** What it is for. */
  description: string;
  /** URLs of the Git and chart repositories that it may take from. */
  sourceRepositories: string[];
  /** Namespaces that it may deploy to. */
  destinations: string[];
  /** Cluster-wide kinds that it may deploy. @default none */
  clusterResources?: KindPattern[];
  /** Kinds in namespaces that it may not deploy. @default none */
  withoutResources?: KindPattern[];
  /** Who may do what with its Applications, by the role's name. */
  roles?: Record<string, ProjectRole>;
}

/** Kinds of one API group; `*` stands for any. */
export interface KindPattern {
  /** API group; empty for the core group. */
  group: string;
  /** Kind. */
  kind: string;
}

/** A role of an Argo CD project. Source: Argo CD, "RBAC configuration". */
export interface ProjectRole {
  /** What it is for. */
  description?: string;
  /** Groups of the identity provider that have it. */
  groups: string[];
  /** What it may do with the project's Applications. */
  may: ("get" | "create" | "update" | "delete" | "sync" | "override" | "action")[];
}

/** An Argo CD Application that deploys a folder of a Git repository. */
export interface Application extends Delivery {
  /** Namespace that it deploys to. */
  destination: string;
  /** The folder is a Helm chart. */
  helm?: HelmSource;
  /** Further options of a sync, such as `SkipDryRunOnMissingResource=true`. */
  syncOptions?: string[];
  /** Fields that others set, and a sync leaves alone: an autoscaler's replicas. */
  ignoreDifferences?: IgnoredFields[];
  /** How often a sync that fails is tried again. @default 5, as Argo CD has it */
  retries?: number;
}

/** The Application whose folder holds the other Applications, in Argo CD's own namespace. */
export interface RootApplication extends Delivery {
  /** Its name, such as `root-app`. */
  name: string;
}

/** What is taken from Git, and when. */
export interface Delivery {
  /** Namespace of Argo CD. */
  namespace: string;
  /** One of the platform's `projects`, or `default`, which every Argo CD has. */
  project: string;
  /** URL of the Git repository. */
  repository: string;
  /** Folder in it. */
  path: string;
  /** Branch, tag or commit. */
  revision: string;
  /** Sync without being asked. */
  autoSync: boolean;
  /** Delete what Git no longer has. */
  prune: boolean;
  /** Put right what differs from Git. */
  selfHeal: boolean;
  /** Delete what it deployed when it is deleted itself. @default false */
  finalizer?: boolean;
}

/** A Helm chart in a Git repository. */
export interface HelmSource {
  /** Files with values, in the order in which they overlay each other. */
  valueFiles: string[];
  /** Name of the release. @default the Application's */
  releaseName?: string;
}

/** Fields of some objects. */
export interface IgnoredFields extends KindPattern {
  /** Name of the object. @default all of the kind */
  name?: string;
  /** Fields, such as `/spec/replicas`. Source: RFC 6901, JSON Pointer. */
  fields: string[];
}
