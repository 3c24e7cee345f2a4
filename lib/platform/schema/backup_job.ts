import { z } from "zod";
import { retentionOf, type RetentionPolicy } from "../../core/retention.ts";
import * as part from "./parts.ts";

const amount = part.atLeastOne.optional();

const retention = z.strictObject({
  last: amount,
  hours: amount,
  days: amount,
  hourly: amount,
  daily: amount,
  weekly: amount,
  monthly: amount,
  yearly: amount,
}).superRefine((policy, context) => {
  const counts = Object.values(policy).filter((count) => count !== undefined);
  if (counts.length > 0 && (policy.hours === undefined || policy.days === undefined)) return;
  context.addIssue({
    code: "custom",
    message: "expected at least one of its parts, and not both hours and days",
  });
});

/** Policies by name become what they mean, so that nothing else needs to know the names. */
const keep = z.union([
  z.string().regex(/^[1-9]\d*-[a-z]+(-[1-9]\d*-[a-z]+)*$/)
    .refine((name) => retentionOf(name) !== undefined, {
      error: "a policy such as 30-days, 72-hourly or 7-daily-4-weekly-3-monthly",
    })
    .transform((name): RetentionPolicy => retentionOf(name) ?? {}),
  retention,
]);

/**
 * Section and name of a thing of the platform, and one of its claims.
 * @ignore
 */
export const subject = part.text(
  /^[a-z][A-Za-z0-9]*(\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){1,2}$/,
  "section and name, such as mongodb/main",
);

const secretKey = z.strictObject({ secret: part.name, key: part.dataKey });

/** @ignore */
export const notices = z.strictObject({
  ping: secretKey.optional(),
  webhook: secretKey.optional(),
  slack: secretKey.optional(),
  pushgateway: part.url.optional(),
}).superRefine(part.atLeastOneOf("ping", "webhook", "slack", "pushgateway"));

/** @ignore */
export const job = z.strictObject({
  runsOn: z.enum(["cluster", "host"]).optional(),
  namespace: part.name.optional(),
  schedule: part.cron,
  jitter: part.duration.optional(),
  task: z.enum([
    "backup-postgres",
    "backup-mongodb",
    "backup-clickhouse",
    "backup-volume",
    "backup-vault",
    "sealing-keys backup",
    "backup-etcd",
    "verify-backups",
    "prune-backups",
    "copy-backups",
  ]),
  deadlineSeconds: part.atLeastOne,
  envFromSecrets: z.array(part.name).optional(),
  clientCertificate: part.name.optional(),
  serverAuthority: secretKey.optional(),
  store: part.name.optional(),
  from: part.name.optional(),
  keep: keep.optional(),
  requireVerified: z.boolean().optional(),
  covers: z.array(subject).min(1).optional(),
  databases: z.array(z.string().min(1)).min(1).optional(),
  // A password in a file that is shared would be anyone's.
  connection: part.text(
    /^[a-z][a-z0-9+]*:\/\/([^\s:@/]*@)?[^\s@]+$/,
    "a URL without a password, such as postgres://backup@db.example.org:5432",
  ).optional(),
  via: z.enum(["connection", "exec"]).optional(),
  query: z.string().min(1).optional(),
  notify: notices.optional(),
});
