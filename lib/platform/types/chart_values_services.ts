import type { Resources, SecretKey } from "./container.ts";

/** A Postgres database that a system uses. */
export interface ChartDatabase {
  /** Host name of the server. */
  host: string;
  /** Port of the server. @default 5432 */
  port?: number;
  /** Name of the database. */
  name: string;
  /** User who owns it. */
  user: string;
  /** The user's password. */
  password: SecretKey;
}

/** A volume that a chart makes. */
export interface ChartVolume {
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** Size, such as `100Gi`. */
  size: string;
}

/** What is set of the chart harbor. */
export interface HarborValues {
  /** Host name; TLS ends at the route. */
  host: string;
  /** Pods of each part that can have several. @default 1 */
  replicas?: number;
  /** Where images are kept. */
  storage: ChartVolume;
  /** Its Postgres, whose password stands under the key `password`. */
  database: ChartDatabase;
  /** Address of its Redis, such as `redis:6379`, or of its Sentinels, with commas between. */
  redis: string;
  /** Name of the master, where `redis` names Sentinels. */
  redisMaster?: string;
  /** Secret with the password of Redis under the key `REDIS_PASSWORD`. */
  redisSecret?: string;
  /** Password of the user admin. */
  adminPassword: SecretKey;
  /** Scan images for vulnerabilities with Trivy. @default true */
  trivy?: boolean;
  /** Make a ServiceMonitor for it. @default false */
  metrics?: boolean;
}

/** What is set of the chart gitea. */
export interface GiteaValues {
  /** Host name; TLS ends at the route. */
  host: string;
  /** What its pod is promised, and what it may use at most. @default the chart's */
  resources?: Resources;
  /** Where repositories are kept. */
  storage: ChartVolume;
  /** Its Postgres. */
  database: ChartDatabase;
  /** URL of its Redis in a Secret, for cache, sessions and queues. */
  redisUrl: SecretKey;
  /** Secret with the keys `username` and `password` of the first administrator. */
  adminSecret: string;
  /** Make a ServiceMonitor for it. @default false */
  metrics?: boolean;
}

/** What is set of the chart woodpecker. */
export interface WoodpeckerValues {
  /** Host name; TLS ends at the route. */
  host: string;
  /** URL of the Gitea that it serves. */
  giteaUrl: string;
  /** Secret with `WOODPECKER_AGENT_SECRET`, `WOODPECKER_GITEA_CLIENT` and `WOODPECKER_GITEA_SECRET`. */
  secret: string;
  /** Where the server keeps its data. */
  storage: ChartVolume;
  /** Number of agents. @default 2 */
  agents?: number;
  /** What the server is promised, and what it may use at most. @default the chart's */
  serverResources?: Resources;
  /** What each agent is promised, and what it may use at most. @default the chart's */
  agentResources?: Resources;
}
