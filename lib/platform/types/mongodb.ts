import type { Resources, RunAs } from "./container.ts";
import type { Exporter, PodStorage } from "./data_parts.ts";
import type { Spread, WorkloadBackup } from "./workload.ts";

/** A MongoDB replica set in a StatefulSet, which a container beside each member initiates and extends. */
export interface Mongodb {
  /** Namespace that all of its objects live in. */
  namespace: string;
  /** Image with `mongod` and `mongosh`, with a tag or digest. */
  image: string;
  /** Secrets that may pull the image. */
  imagePullSecrets?: string[];
  /** Members; an odd number elects a primary when some are lost. @default 3 */
  members: number;
  /** Name of the replica set. @default rs0 */
  replicaSet: string;
  /** Name of the Service that clients connect to. @default `<name>-client` */
  service?: string;
  /** Where each member's data is. */
  storage: PodStorage;
  /** What each member is promised, and what it may use at most. */
  resources: Resources;
  /** Its root user, and the key that members show each other. */
  secret: MongodbSecret;
  /** Other users, by name. */
  users: Record<string, MongodbUser>;
  /** mongodb_exporter beside each member. */
  exporter?: MongodbExporter;
  /** How the members are kept apart. @default never two on a node, and over zones where possible */
  spread?: Spread;
  /** Under which identity it runs. @default that of the official image, 999 */
  runAs: RunAs;
  /** Whether its volumes are backed up. */
  backup?: WorkloadBackup;
}

/** A Secret with what a replica set needs to know who is who. Source: MongoDB, "Keyfiles". */
export interface MongodbSecret {
  /** Name of the Secret. */
  name: string;
  /** Key with the root user's name. */
  userKey: string;
  /** Key with the root user's password. */
  passwordKey: string;
  /** Key with the keyfile's text: 6 to 1024 characters of base64. */
  keyfileKey: string;
}

/** A user of a replica set, made when it is not there. */
export interface MongodbUser {
  /** Database in which the user is, and to which its roles apply. */
  database: string;
  /** Roles, such as `readWrite`; one of another database as `read@local`. */
  roles: string[];
  /** Key of the replica set's Secret with the password. */
  passwordKey: string;
}

/** mongodb_exporter, and as whom it asks. */
export interface MongodbExporter extends Exporter {
  /** One of the replica set's `users`, with the roles `clusterMonitor` of admin and `read` of local. */
  user: string;
}
