import type { Manifest } from "../../../lib/core/object.ts";
import type { BackupStore } from "../../../lib/platform/types.ts";
import { veleroCredentialsKey } from "../../../lib/platform/backups.ts";
import { define } from "../manifest.ts";
import type { BackupStorageLocation } from "../types_velero.ts";

/** Annotation that says what the bucket's lifecycle makes of older objects, which Velero itself cannot set. */
export const archiveAnnotation = "slipway.dev/bucket-lifecycle";

/** A store as Velero's plugin for S3 reaches it. Source: velero-plugin-for-aws, backupstoragelocation.md. */
export function storageLocation(
  name: string,
  store: BackupStore,
  { namespace, isDefault }: { namespace: string; isDefault: boolean },
): Manifest {
  const { bucket, prefix, endpoint, region, secrets, kmsKeyId, archive } = store;
  return define<BackupStorageLocation>({
    apiVersion: "velero.io/v1",
    kind: "BackupStorageLocation",
    metadata: {
      name,
      namespace,
      annotations: archive === undefined
        ? undefined
        : { [archiveAnnotation]: `${archive.storageClass} after ${archive.afterDays} days` },
    },
    spec: {
      provider: "aws",
      default: isDefault,
      objectStorage: { bucket, prefix },
      config: {
        region,
        ...endpoint === undefined ? {} : { s3Url: endpoint, s3ForcePathStyle: "true" },
        ...kmsKeyId === undefined ? {} : { serverSideEncryption: "aws:kms", kmsKeyId },
      },
      credential: { name: secrets[namespace]!, key: veleroCredentialsKey },
    },
  });
}
