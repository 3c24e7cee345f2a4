import type { MinioUser } from "../../../lib/platform/types.ts";

const onBucket = ["s3:GetBucketLocation", "s3:ListBucket"];
const onObjects = ["s3:GetObject"];
const writingOnBucket = ["s3:ListBucketMultipartUploads"];
const writingOnObjects = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
];

/** What a user may do, as MinIO reads it. Source: MinIO, "Policy Based Access Control"; AWS IAM's policy grammar. */
export function userPolicy({ buckets }: Pick<MinioUser, "buckets">): string {
  const statements = Object.entries(buckets).flatMap(([bucket, right]) => {
    const writes = right === "readwrite";
    return [
      allow([...onBucket, ...(writes ? writingOnBucket : [])], bucket),
      allow([...onObjects, ...(writes ? writingOnObjects : [])], `${bucket}/*`),
    ];
  });
  return `${JSON.stringify({ Version: "2012-10-17", Statement: statements })}\n`;
}

function allow(actions: readonly string[], resource: string) {
  return { Effect: "Allow", Action: actions, Resource: [`arn:aws:s3:::${resource}`] };
}
