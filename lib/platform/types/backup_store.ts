/** A bucket in which backups are kept. */
export interface BackupStore {
  /** Name of the bucket. */
  bucket: string;
  /** Folder in the bucket. */
  prefix?: string;
  /** URL of the S3 API. @default that of AWS, or of the MinIO that `onThisCluster` names */
  endpoint?: string;
  /** Region of the bucket. @default "us-east-1" */
  region: string;
  /**
   * Name of the Secret with the store's credentials in each namespace that uses it: with `AWS_ACCESS_KEY_ID` and
   * `AWS_SECRET_ACCESS_KEY` for jobs, and with `cloud`, a credentials file of the AWS tools, in Velero's namespace.
   */
  secrets: Record<string, string>;
  /** It stands at another site than the cluster. @default false */
  offsite?: boolean;
  /** Name of the `minio` of this platform that holds it. */
  onThisCluster?: string;
  /** Where the store's credentials and the keys of its backups are also kept, outside this cluster. */
  keysKeptAt?: string;
  /** Key of the store's key management service under which it encrypts. */
  kmsKeyId?: string;
  /** What the bucket's lifecycle makes of older objects. */
  archive?: StoreArchive;
}

/** Where a bucket's lifecycle moves objects. Source: Amazon S3, storage classes. */
export interface StoreArchive {
  /** Class of storage; what is in `GLACIER` and `DEEP_ARCHIVE` must be thawed before it can be read. */
  storageClass: "STANDARD_IA" | "GLACIER_IR" | "GLACIER" | "DEEP_ARCHIVE";
  /** Age at which objects move, in days; 0 is at once. */
  afterDays: number;
}
