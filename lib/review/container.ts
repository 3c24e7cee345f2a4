/** A container, as far as it is reviewed. Source: k8s.io/api, core/v1 Container. */
export interface Container {
  /** Name. */
  name: string;
  /** Image. */
  image?: string;
  /** When the image is pulled. */
  imagePullPolicy?: string;
  /** Program. */
  command?: readonly string[];
  /** Arguments. */
  args?: readonly string[];
  /** Environment variables. */
  env?: readonly EnvVariable[];
  /** ConfigMaps and Secrets whose keys are environment variables. */
  envFrom?: readonly {
    /** A ConfigMap. */
    configMapRef?: Reference;
    /** A Secret. */
    secretRef?: Reference;
  }[];
  /** Ports. */
  ports?: readonly ContainerPort[];
  /** Requests and limits. */
  resources?: {
    /** What the scheduler sets aside. */
    requests?: Readonly<Record<string, string | number>>;
    /** What the kernel allows at most. */
    limits?: Readonly<Record<string, string | number>>;
  };
  /** Fails: the container is restarted. */
  livenessProbe?: Probe;
  /** Fails: the pod receives no traffic. */
  readinessProbe?: Probe;
  /** Until it succeeds, the others wait. */
  startupProbe?: Probe;
  /** `Always` makes an init container one that keeps running. */
  restartPolicy?: string;
  /** Rights of its processes. */
  securityContext?: SecurityContext;
  /** What is mounted. */
  volumeMounts?: readonly {
    /** Name of the volume. */
    name: string;
    /** Where. */
    mountPath: string;
    /** Whether writes are refused. */
    readOnly?: boolean;
  }[];
}

/** A name that something is found by. */
export interface Reference {
  /** The name. */
  name?: string;
  /** Whether it may be missing. */
  optional?: boolean;
}

/** An environment variable. Source: k8s.io/api, core/v1 EnvVar. */
export interface EnvVariable {
  /** Name. */
  name: string;
  /** Value in plain sight. */
  value?: string;
  /** Where else the value comes from. */
  valueFrom?: {
    /** Key of a ConfigMap. */
    configMapKeyRef?: Reference;
    /** Key of a Secret. */
    secretKeyRef?: Reference;
  };
}

/** A port of a container. Source: k8s.io/api, core/v1 ContainerPort. */
export interface ContainerPort {
  /** Name. */
  name?: string;
  /** Number. */
  containerPort: number;
  /** Port of the node that leads to it. */
  hostPort?: number;
  /** Protocol. @default TCP */
  protocol?: string;
}

/** A probe. Source: k8s.io/api, core/v1 Probe. */
export interface Probe {
  /** HTTP GET. */
  httpGet?: {
    /** Name or number of the port. */
    port?: string | number;
  };
  /** TCP connection. */
  tcpSocket?: {
    /** Name or number of the port. */
    port?: string | number;
  };
  /** Other settings. */
  [field: string]: unknown;
}

/** Rights of processes. Source: k8s.io/api, core/v1 SecurityContext and PodSecurityContext. */
export interface SecurityContext {
  /** User. */
  runAsUser?: number;
  /** Whether root is refused. */
  runAsNonRoot?: boolean;
  /** Whether it has all rights of the node. */
  privileged?: boolean;
  /** Whether it may gain rights. */
  allowPrivilegeEscalation?: boolean;
  /** Whether the image's file system is read-only. */
  readOnlyRootFilesystem?: boolean;
  /** Capabilities of the kernel. */
  capabilities?: {
    /** Those it gets. */
    add?: readonly string[];
    /** Those it loses. */
    drop?: readonly string[];
  };
  /** Filter of system calls. */
  seccompProfile?: {
    /** Which one. */
    type?: string;
  };
}
