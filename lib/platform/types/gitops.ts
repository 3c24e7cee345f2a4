/** Sections of a platform about delivery from Git. */
export interface GitopsSections {
  /** Argo CD Applications, by name. */
  applications: Record<string, Application>;
}

/** An Argo CD Application. */
export interface Application {
  /** Namespace of Argo CD. */
  namespace: string;
  /** Argo CD project. */
  project: string;
  /** URL of the Git repository. */
  repository: string;
  /** Folder in it. */
  path: string;
  /** Branch, tag or commit. */
  revision: string;
  /** Namespace that it deploys to. */
  destination: string;
  /** Sync without being asked. */
  autoSync: boolean;
  /** Delete what Git no longer has. */
  prune: boolean;
  /** Put right what differs from Git. */
  selfHeal: boolean;
}
