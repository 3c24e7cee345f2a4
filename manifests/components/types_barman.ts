import type { ApiObject } from "./manifest.ts";

/** A key of a Secret. */
export interface SecretKeyRef {
  /** Name of the Secret. */
  name: string;
  /** Key in it. */
  key: string;
}

/**
 * An object store for base backups and WAL, as far as we set it. Source: CloudNativePG's Barman Cloud plugin,
 * api/v1 ObjectStoreSpec.
 */
export interface BarmanObjectStore extends ApiObject {
  /** Group and version. */
  apiVersion: "barmancloud.cnpg.io/v1";
  /** Kind. */
  kind: "ObjectStore";
  /** What is wanted. */
  spec: {
    /** Where in which store. */
    configuration: {
      /** URL of the bucket and the path in it. */
      destinationPath: string;
      /** URL of the store. */
      endpointURL?: string;
      /** Credentials. */
      s3Credentials: {
        accessKeyId: SecretKeyRef;
        secretAccessKey: SecretKeyRef;
        region?: SecretKeyRef;
      };
      /** How WAL is stored. */
      wal: { compression: "gzip" | "zstd" | "lz4" };
      /** How base backups are stored. */
      data: { compression: "gzip" };
    };
    /** How long backups are kept, such as `30d`. */
    retentionPolicy: string;
    /** Variables of the plugin's container beside each server. */
    instanceSidecarConfiguration?: {
      env?: { name: string; value: string }[];
      resources?: Record<string, Record<string, string>>;
    };
  };
}
