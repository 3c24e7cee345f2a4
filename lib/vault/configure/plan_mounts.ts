import type { VaultClient } from "../client.ts";
import type { VaultChange } from "./change.ts";
import { fieldDiff } from "./compare.ts";
import type { DesiredAudit, DesiredAuth, DesiredMount } from "./desired.ts";
import { readData } from "./read.ts";

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
    const change = named("secrets engine", path, mount);
    const found = live[path];
    const settings = {
      ...(description === undefined ? {} : { description }),
      ...(maxLeaseSeconds === undefined ? {} : { max_lease_ttl: maxLeaseSeconds }),
    };
    if (found === undefined) {
      const config = maxLeaseSeconds === undefined ? {} : { max_lease_ttl: `${maxLeaseSeconds}s` };
      return {
        ...change,
        action: "created",
        diff: [],
        act: {
          do: "write",
          requests: [{
            method: "POST",
            path: `sys/mounts/${path}`,
            body: { type, description, options, config },
          }],
        },
      };
    }
    const conflicts = fieldDiff({ type: found.type, ...found.options }, { type, ...options });
    if (conflicts.length > 0) return conflicted(change, conflicts);
    const diff = fieldDiff(
      { description: found.description, max_lease_ttl: found.config?.max_lease_ttl },
      settings,
    );
    if (diff.length === 0) return { ...change, action: "unchanged", diff };
    return {
      ...change,
      action: "configured",
      diff,
      act: {
        do: "write",
        requests: [{ method: "POST", path: `sys/mounts/${path}/tune`, body: settings }],
      },
    };
  });
}

/** What becomes of auth methods. */
export function planAuth(
  wanted: readonly DesiredAuth[],
  live: LiveMounts["auth"],
): VaultChange[] {
  return wanted.map((method): VaultChange => {
    const { path, type } = method;
    const change = named("auth method", path, method);
    const found = live[path];
    if (found === undefined) {
      return {
        ...change,
        action: "created",
        diff: [],
        act: {
          do: "write",
          requests: [{ method: "POST", path: `sys/auth/${path}`, body: { type } }],
        },
      };
    }
    const conflicts = fieldDiff({ type: found.type }, { type });
    return conflicts.length > 0
      ? conflicted(change, conflicts)
      : { ...change, action: "unchanged", diff: [] };
  });
}

/** What becomes of audit devices. */
export function planAudit(
  wanted: readonly DesiredAudit[],
  live: LiveMounts["audit"],
): VaultChange[] {
  return wanted.map((device): VaultChange => {
    const { path, type, options } = device;
    const change = named("audit device", path, device);
    const found = live[path];
    if (found === undefined) {
      return {
        ...change,
        action: "created",
        diff: [],
        act: {
          do: "write",
          requests: [{ method: "PUT", path: `sys/audit/${path}`, body: { type, options } }],
        },
      };
    }
    const conflicts = fieldDiff({ type: found.type, ...found.options }, { type, ...options });
    return conflicts.length > 0
      ? conflicted(change, conflicts)
      : { ...change, action: "unchanged", diff: [] };
  });
}

function named(
  kind: "secrets engine" | "auth method" | "audit device",
  name: string,
  { because }: { because?: string },
): Pick<VaultChange, "kind" | "name" | "because"> {
  return { kind, name, ...(because === undefined ? {} : { because }) };
}

function conflicted(
  change: Pick<VaultChange, "kind" | "name">,
  conflicts: readonly string[],
): VaultChange {
  return {
    ...change,
    action: "conflicted",
    because: `${conflicts.join("; ")}, which cannot be changed in place`,
    remedy: `declare the ${change.kind} as it is, or under another path; or disable it by hand, ` +
      "which loses what is in it",
    diff: conflicts,
  };
}

function byPath(live: Record<string, LiveMount> | undefined): Record<string, LiveMount> {
  return Object.fromEntries(
    Object.entries(live ?? {}).map(([path, mount]) => [path.replace(/\/$/, ""), mount]),
  );
}
