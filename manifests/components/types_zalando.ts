import type { ApiObject } from "./manifest.ts";

/** Requests and limits of a container. */
export interface Amounts {
  /** CPU, as a quantity. */
  cpu: string;
  /** Memory, as a quantity. */
  memory: string;
}

/**
 * A `postgresql` cluster, as far as we set it. Source: Postgres Operator, pkg/apis/acid.zalan.do/v1
 * PostgresSpec, and manifests/postgresql.crd.yaml.
 */
export interface PostgresqlCluster extends ApiObject {
  /** Group and version. */
  apiVersion: "acid.zalan.do/v1";
  /** Kind. */
  kind: "postgresql";
  /** What is wanted. */
  spec: {
    /** Team that owns the cluster. */
    teamId: string;
    /** Image of Spilo. */
    dockerImage?: string;
    /** Servers. */
    numberOfInstances: number;
    /** Volume of each server. */
    volume: { size: string; storageClass: string };
    /** Flags of users, by name. */
    users: Record<string, string[]>;
    /** Owners of databases, by name. */
    databases: Record<string, string>;
    /** Version and settings. */
    postgresql: { version: string; parameters?: Record<string, string> };
    /** Resources of each server. */
    resources: { requests: Amounts; limits: Amounts };
    /** Settings of Patroni. */
    patroni?: { synchronous_mode?: boolean; failsafe_mode?: boolean };
    /** A larger /dev/shm. */
    enableShmVolume?: boolean;
    /** User that Spilo runs as. */
    spiloRunAsUser?: number;
    /** Group that Spilo runs as. */
    spiloRunAsGroup?: number;
    /** Group of the volumes. */
    spiloFSGroup?: number;
    /** Whether PgBouncer is run. */
    enableConnectionPooler?: boolean;
    /** PgBouncer's pods. */
    connectionPooler?: {
      numberOfInstances: number;
      mode: "session" | "transaction";
      maxDBConnections?: number;
      resources: { requests: Amounts; limits: Amounts };
    };
    /** Variables of Spilo. */
    env?: {
      name: string;
      value?: string;
      valueFrom?: { secretKeyRef: { name: string; key: string } };
    }[];
    /** Containers beside Spilo. */
    sidecars?: {
      name: string;
      image: string;
      ports?: { name: string; containerPort: number; protocol: "TCP" }[];
      env?: {
        name: string;
        value?: string;
        valueFrom?: { secretKeyRef: { name: string; key: string } };
      }[];
      resources: { requests: Amounts; limits: Amounts };
    }[];
  };
}
