import type { Resources } from "./container.ts";

/** A volume of each pod. */
export interface PodStorage {
  /** One of the platform's `storageClasses`. */
  storageClass: string;
  /** Size, such as `20Gi`. */
  size: string;
}

/** A Secret with a user's name and password. */
export interface LoginSecret {
  /** Name of the Secret. */
  name: string;
  /** Key with the user's name. */
  userKey: string;
  /** Key with the password. */
  passwordKey: string;
}

/** A Secret with a password. */
export interface PasswordSecret {
  /** Name of the Secret. */
  name: string;
  /** Key with the password. */
  passwordKey: string;
}

/** A program beside a server that turns its figures into metrics for Prometheus. */
export interface Exporter {
  /** Image of the exporter. */
  image: string;
  /** What it is promised, and what it may use at most. */
  resources: Resources;
}

/** A bucket of an S3-compatible object store, and who may use it. */
export interface ObjectStorage {
  /** URL of the bucket, with a path in it when there is one, such as `s3://backups/postgres`. */
  bucket: string;
  /** URL of the store. @default that of AWS */
  endpoint?: string;
  /** Region of the bucket. @default us-east-1, which stores without regions answer to */
  region?: string;
  /** Secret with the credentials. */
  secret: ObjectStorageSecret;
}

/** A Secret with credentials for an object store. */
export interface ObjectStorageSecret {
  /** Name of the Secret. */
  name: string;
  /** Key with the access key. @default AWS_ACCESS_KEY_ID */
  accessKeyKey: string;
  /** Key with the secret key. @default AWS_SECRET_ACCESS_KEY */
  secretKeyKey: string;
}
