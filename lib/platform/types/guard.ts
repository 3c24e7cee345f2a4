/** Sections of a platform about who may do and reach what. */
export interface GuardSections {
  /** Namespaces, by name. */
  namespaces: Record<string, Namespace>;
  /** Ends of network flows that are not workloads of the platform, by name. */
  peers: Record<string, Peer>;
  /** Connections that are allowed. */
  flows: Flow[];
}

/** A namespace and what is enforced in it. */
export interface Namespace {
  /** Made by someone else; only named here. @default false */
  existing?: boolean;
  /** Pod Security level that is enforced; needed unless `existing`. */
  podSecurity?: "privileged" | "baseline" | "restricted";
  /** Allow no connection but those in `flows`, and DNS. @default false */
  defaultDeny?: boolean;
}

/** Someone at an end of a network flow: pods by namespace and labels, or addresses. */
export interface Peer {
  /** Namespace of the pods. */
  namespace?: string;
  /** Labels of the pods; all pods of the namespace when absent. */
  podLabels?: Record<string, string>;
  /** Address ranges, in place of pods. */
  cidrs?: string[];
  /** Ranges within `cidrs` that are not meant. */
  except?: string[];
}

/** A connection that is allowed. In namespaces with `defaultDeny` nothing else is. */
export interface Flow {
  /** Who connects: a workload, vault, or one of the platform's `peers`. */
  from: string;
  /** To whom: a workload, vault, external service, or one of the platform's `peers`. */
  to: string;
  /** TCP ports of the pods or hosts that answer. */
  ports: number[];
}
