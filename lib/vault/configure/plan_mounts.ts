import type { VaultClient } from "../client.ts";
import type { VaultChange, VaultWrite } from "./change.ts";
import { fieldDiff } from "./compare.ts";
import type { DesiredAudit, DesiredAuth, DesiredMount, FieldValue } from "./desired.ts";
import { readData } from "../read.ts";
import { configured, conflicted, created, type Subject } from "./verdict.ts";

/** A mount as Vault tells of it. Source: Vault API, /sys/mounts. */
export interface LiveMount {
  /** Its type. */
  type: string;
  /** What it is for. */
  description?: string;
  /** Options of its type, such as the version of a KV engine. */
  options?: Record<string, string> | null;
  /** Its settings. */
  config?: {
    /** The longest that anything of it lives, in seconds. */
    max_lease_ttl?: number;
  };
}

/** What is mounted in a Vault, by path without a slash at its end. */
export interface LiveMounts {
  /** Secrets engines. */
  mounts: Readonly<Record<string, LiveMount>>;
  /** Auth methods. */
  auth: Readonly<Record<string, LiveMount>>;
  /** Audit devices. */
  audit: Readonly<Record<string, LiveMount>>;
}

/** Read what is mounted in a Vault. */
export async function readMounts(client: VaultClient, signal?: AbortSignal): Promise<LiveMounts> {
  const [mounts, auth, audit] = await Promise.all(
    ["sys/mounts", "sys/auth", "sys/audit"].map(async (path) =>
      byPath(await readData<Record<string, LiveMount>>(client, path, signal))
    ),
  );
  return { mounts: mounts!, auth: auth!, audit: audit! };
}

/** What becomes of secrets engines. */
export function planMounts(
  wanted: readonly DesiredMount[],
  live: LiveMounts["mounts"],
): VaultChange[] {
  return wanted.map((mount): VaultChange => {
    const { path, type, options = {}, description, maxLeaseSeconds } = mount;
    const subject = named("secrets engine", path, mount);
    const found = live[path];
    if (found === undefined) {
      const config = maxLeaseSeconds === undefined ? {} : { max_lease_ttl: `${maxLeaseSeconds}s` };
      return created(subject, {
        method: "POST",
        path: `sys/mounts/${path}`,
        body: { type, description, options, config },
      });
    }
    const conflict = conflictOf(subject, found, { type, ...options });
    if (conflict !== undefined) return conflict;
    const settings = {
      ...(description === undefined ? {} : { description }),
      ...(maxLeaseSeconds === undefined ? {} : { max_lease_ttl: maxLeaseSeconds }),
    };
    const diff = fieldDiff(
      { description: found.description, max_lease_ttl: found.config?.max_lease_ttl },
      settings,
    );
    const tune = `sys/mounts/${path}/tune`;
    return configured(subject, diff, { method: "POST", path: tune, body: settings });
  });
}

/** What becomes of auth methods. */
export function planAuth(
  wanted: readonly DesiredAuth[],
  live: LiveMounts["auth"],
): VaultChange[] {
  return wanted.map((method) => {
    const { path, type } = method;
    const request = { method: "POST", path: `sys/auth/${path}`, body: { type } } as const;
    return planFixed(named("auth method", path, method), live[path], { type }, request);
  });
}

/** What becomes of audit devices. */
export function planAudit(
  wanted: readonly DesiredAudit[],
  live: LiveMounts["audit"],
): VaultChange[] {
  return wanted.map((device) => {
    const { path, type, options } = device;
    const request = { method: "PUT", path: `sys/audit/${path}`, body: { type, options } } as const;
    return planFixed(
      named("audit device", path, device),
      live[path],
      { type, ...options },
      request,
    );
  });
}

/** What becomes of something of which nothing can be changed in place. */
function planFixed(
  subject: Subject,
  found: LiveMount | undefined,
  wanted: Readonly<Record<string, FieldValue>>,
  request: VaultWrite,
): VaultChange {
  if (found === undefined) return created(subject, request);
  return conflictOf(subject, found, wanted) ?? configured(subject, []);
}

function conflictOf(
  subject: Subject,
  found: LiveMount,
  wanted: Readonly<Record<string, FieldValue>>,
): VaultChange | undefined {
  const conflicts = fieldDiff({ type: found.type, ...found.options }, wanted);
  return conflicts.length === 0 ? undefined : conflicted(subject, conflicts, {
    because: "which cannot be changed in place",
    remedy: `declare the ${subject.kind} as it is, or under another path; or disable it by hand, ` +
      "which loses what is in it",
  });
}

function named(
  kind: "secrets engine" | "auth method" | "audit device",
  name: string,
  { because }: { because?: string },
): Subject {
  return { kind, name, ...(because === undefined ? {} : { because }) };
}

function byPath(live: Record<string, LiveMount> | undefined): Record<string, LiveMount> {
  return Object.fromEntries(
    Object.entries(live ?? {}).map(([path, mount]) => [path.replace(/\/$/, ""), mount]),
  );
}
