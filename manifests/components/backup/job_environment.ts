import {
  type ClusterJob,
  fromPrefix,
  noticeSettings,
  storeKeys,
} from "../../../lib/platform/backups.ts";
import type { BackupJob, BackupNotices, Backups } from "../../../lib/platform/types.ts";

/** A variable of a job's environment: a plain value, or one key of a Secret. */
export interface JobVariable {
  /** Its name. */
  name: string;
  /** Its value, where everybody may read it. */
  value?: string;
  /** Where its value is. */
  valueFrom?: { secretKeyRef: { name: string; key: string } };
}

/** The image's files cannot be written, and nobody reads in a log that there is a newer Deno. */
export const plainVariables: readonly JobVariable[] = [
  { name: "HOME", value: "/tmp" },
  { name: "DENO_NO_UPDATE_CHECK", value: "1" },
];

/** Credentials of the job's store, and of the one that it copies from. */
export function storeVariables(
  { namespace, store, from }: ClusterJob,
  { stores }: Pick<Backups, "stores">,
): JobVariable[] {
  const variables = (name: string | undefined, prefix: string) => {
    const secret = stores[name ?? ""]?.secrets[namespace];
    return secret === undefined
      ? []
      : storeKeys.map((key) => secretVariable(`${prefix}${key}`, secret, key));
  };
  return [...variables(store, ""), ...variables(from, fromPrefix)];
}

/** Where the job's runs are told. */
export function noticeVariables(notices: BackupNotices): JobVariable[] {
  return Object.entries(noticeSettings).flatMap(([kind, name]) => {
    const notice = notices[kind as keyof BackupNotices];
    if (notice === undefined) return [];
    return typeof notice === "string"
      ? [{ name, value: notice }]
      : [secretVariable(name, notice.secret, notice.key)];
  });
}

/** Where libpq finds the certificates of a job. Source: PostgreSQL, libpq "Environment Variables". */
export function certificateVariables(
  { clientCertificate, serverAuthority }: Pick<BackupJob, "clientCertificate" | "serverAuthority">,
  folder: string,
): JobVariable[] {
  if (clientCertificate === undefined && serverAuthority === undefined) return [];
  return [
    { name: "PGSSLMODE", value: "verify-full" },
    ...clientCertificate === undefined ? [] : [
      { name: "PGSSLCERT", value: `${folder}/tls.crt` },
      { name: "PGSSLKEY", value: `${folder}/tls.key` },
    ],
    { name: "PGSSLROOTCERT", value: `${folder}/ca.crt` },
  ];
}

function secretVariable(name: string, secret: string, key: string): JobVariable {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
