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
  /** Ports of the pods, by the names that flows may use. */
  ports?: Record<string, PeerPort>;
}

/** A port number, of TCP; or a number with its protocol. */
export type PeerPort = number | NumberedPort;

/** A port with its protocol. */
export interface NumberedPort {
  /** Port number. */
  port: number;
  /** Protocol. @default TCP */
  protocol?: Protocol;
}

/** Protocols of ports. Source: k8s.io/api, core/v1 Protocol. */
export type Protocol = "TCP" | "UDP";

/**
 * Ends of flows under one name: a list of their names and of other groups' names, or all that have a port in common.
 * It may be empty, in environments that have none of its members.
 */
export type Group = string[] | GroupByPort;

/** All ends of flows that have a port of a certain name. */
export interface GroupByPort {
  /** Name of the port, such as `metrics`. */
  havingPort: string;
}

/** A part of the platform: exactly the ends that are members by name, and those in its namespaces that no zone names. */
export interface Zone {
  /** Ends of flows, and groups. */
  members?: string[];
  /** Namespaces whose ends belong to it. */
  namespaces?: string[];
  /** Zones whose members may be called from here; its own name where its members call each other. An end may always call its like. */
  mayCall: string[];
}

/** A connection that is allowed. In namespaces with `defaultDeny` nothing else is. With groups, each pair of different members. */
export interface Flow {
  /** Who connects: a workload, vault or the like, one of the platform's `peers`, or one of its `groups`. */
  from: string;
  /** To whom: a workload, vault, external service or the like, one of the platform's `peers`, or one of its `groups`. */
  to: string;
  /** Ports of the pods or hosts that answer: numbers, or names of their ports, `metrics` being where `metrics:` says. */
  ports: (number | string)[];
  /** Protocol of the ports given by number. @default TCP */
  protocol?: Protocol;
}
