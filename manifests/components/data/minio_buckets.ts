import { createHash } from "node:crypto";
import type { Manifest } from "../../../lib/core/object.ts";
import { parseQuantity } from "../../../lib/core/units.ts";
import { componentLabels, dataPorts } from "../../../lib/platform/data_names.ts";
import type { ConfigMapOptions, Minio, Mount, PodOptions } from "../../../lib/platform/types.ts";
import { define } from "../manifest.ts";
import type { Job } from "../types.ts";
import { podTemplate } from "../workload/pod.ts";
import { userPolicy } from "./minio_policy.ts";
import script from "./scripts/minio_buckets.sh" with { type: "text" };
import usersScript from "./scripts/minio_users.sh" with { type: "text" };

/** What the buckets and users of a store shall be, as the scripts read it. @ignore */
export function bucketSettings({ namespace, buckets, users }: Minio): ConfigMapOptions {
  const all = Object.entries(buckets);
  return {
    namespace,
    data: {
      "make.sh": Object.keys(users).length === 0 ? script : script + usersScript,
      buckets: all.map(([name, { versioning, objectLock, quota }]) =>
        // Without versions, a lock has nothing to keep.
        [name, versioning || objectLock, objectLock, quota === undefined ? 0 : parseQuantity(quota)]
          .join(" ") + "\n"
      ).join(""),
      ...Object.fromEntries(
        all.flatMap(([name, { purpose, keepForDays, versioning, objectLock }]) => [
          [`${name}.purpose`, purpose],
          ...(keepForDays === undefined
            ? []
            : [[`${name}.lifecycle`, lifecycle(keepForDays, versioning || objectLock)]]),
        ]),
      ),
      ...usersData(users),
    },
  };
}

function usersData(users: Minio["users"]): Record<string, string> {
  const names = Object.keys(users);
  if (names.length === 0) return {};
  return {
    users: names.map((name) => `${name}\n`).join(""),
    ...Object.fromEntries(
      Object.entries(users).map(([name, user]) => [`${name}.policy`, userPolicy(user)]),
    ),
  };
}

/** Source: Amazon S3, PutBucketLifecycleConfiguration, as MinIO's client takes it in JSON. */
function lifecycle(days: number, versioning: boolean): string {
  return `${
    JSON.stringify({
      Rules: [{
        ID: "keep-for-days",
        Status: "Enabled",
        Filter: { Prefix: "" },
        Expiration: { Days: days },
        ...(versioning && { NoncurrentVersionExpiration: { NoncurrentDays: days } }),
      }],
    })
  }\n`;
}

/**
 * A Job that makes the buckets and users. Jobs never change, so each state of them has a Job of its own: its name says
 * which, and the next apply deletes the one before.
 */
export function bucketJob(name: string, options: Minio, config: string): Manifest {
  const { secret } = options;
  const pod: PodOptions = {
    namespace: options.namespace,
    labels: componentLabels("minio", name, "buckets"),
    container: "mc",
    image: options.clientImage,
    imagePullSecrets: options.imagePullSecrets,
    serviceAccount: name,
    command: ["sh", "/config/make.sh"],
    env: {
      ENDPOINT: `http://${name}.${options.namespace}.svc.cluster.local:${dataPorts.minio}`,
      ROOT_USER: { secret: secret.name, key: secret.userKey },
      ROOT_PASSWORD: { secret: secret.name, key: secret.passwordKey },
      // Where the client keeps the alias with its keys; gone with the pod.
      MC_CONFIG_DIR: "/tmp/mc",
    },
    mounts: {
      "/config": { config },
      "/tmp": { emptyDir: { sizeLimit: "16Mi" } },
      ...Object.fromEntries(
        Object.entries(options.users).map(([user, { secret: keys }]): [string, Mount] => [
          `/users/${user}`,
          {
            secret: keys.name,
            items: { [keys.userKey]: "access-key", [keys.passwordKey]: "secret-key" },
          },
        ]),
      ),
    },
    resources: {
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "200m", memory: "256Mi" },
    },
    runAs: options.runAs,
  };
  const template = podTemplate(name, pod, { restartPolicy: "OnFailure" });
  const state = createHash("sha256")
    .update(JSON.stringify([template, bucketSettings(options)])).digest("hex").slice(0, 8);
  return define<Job>({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `${name}-buckets-${state}`, namespace: options.namespace },
    spec: { backoffLimit: 6, activeDeadlineSeconds: 1800, template },
  });
}
