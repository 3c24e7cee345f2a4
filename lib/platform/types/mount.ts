/** An exception to what is safe, which somebody will ask about one day. */
export interface Because {
  /** Why it must be. */
  because: string;
}

/** What is mounted: exactly one of `claim`, `volumeClaim`, `secret`, `config`, `emptyDir` and `hostPath`. */
export interface Mount {
  /** One of the platform's `volumes`, shared by all pods. */
  claim?: string;
  /** One of the workload's `volumeClaims`, of which each pod has its own. */
  volumeClaim?: string;
  /** A Secret whose keys become files. */
  secret?: string;
  /** A ConfigMap whose keys become files. */
  config?: string;
  /** Scratch space that ends with the pod. */
  emptyDir?: EmptyDir;
  /** A path of the node. */
  hostPath?: HostPath;
  /** With `secret` or `config`: only these keys, each with its file name. */
  items?: Record<string, string>;
  /** Only this path within the volume; files mounted so do not follow later changes. */
  subPath?: string;
  /** Refuse writes. @default true for secrets, configs and paths of the node, otherwise false */
  readOnly?: boolean;
}

/** Scratch space of a pod. */
export interface EmptyDir {
  /** Most that may be in it, such as `64Mi`; the pod is evicted beyond. */
  sizeLimit: string;
  /** Keep it in memory, where it counts against the container's limit. */
  medium?: "Memory";
  /** Mounts with one name share one space. @default a space of its own */
  name?: string;
}

/** A path of the node, which Pod Security allows to nobody but the `privileged`. */
export interface HostPath extends Because {
  /** Absolute path on the node. */
  path: string;
  /** What must be there. Source: k8s.io/api, core/v1 HostPathType. @default no check */
  type?:
    | "Directory"
    | "DirectoryOrCreate"
    | "File"
    | "FileOrCreate"
    | "Socket"
    | "CharDevice"
    | "BlockDevice";
  /** Let mounts that the node makes later appear in the container too. */
  propagation?: "HostToContainer" | "Bidirectional";
}
