import type { UnitSection } from "./unit_file.ts";

/**
 * What a service may not do: it reads its own files and the network, and writes only to its own folders. Deno makes
 * machine code at run time, so memory that is written may be run. Source: systemd.exec(5), "Sandboxing".
 */
export const hardening: UnitSection = {
  CapabilityBoundingSet: "",
  LockPersonality: "yes",
  NoNewPrivileges: "yes",
  PrivateDevices: "yes",
  PrivateTmp: "yes",
  ProtectClock: "yes",
  ProtectControlGroups: "yes",
  ProtectHostname: "yes",
  ProtectKernelLogs: "yes",
  ProtectKernelModules: "yes",
  ProtectKernelTunables: "yes",
  ProtectProc: "invisible",
  ProtectSystem: "strict",
  RemoveIPC: "yes",
  RestrictAddressFamilies: "AF_UNIX AF_INET AF_INET6",
  RestrictNamespaces: "yes",
  RestrictRealtime: "yes",
  RestrictSUIDSGID: "yes",
  SystemCallArchitectures: "native",
  SystemCallFilter: ["@system-service", "~@privileged @resources"],
  SystemCallErrorNumber: "EPERM",
  UMask: "0077",
};

/** Folders that a service does not see, but for what it needs of them. */
const homes = /^\/(home|root|run\/user)(\/|$)/;

/** Hide all homes, but for the given files and folders in them. */
export function homeAccess(paths: readonly string[]): UnitSection {
  const needed = [...new Set(paths.filter((path) => homes.test(path)))];
  return needed.length === 0
    ? { ProtectHome: "yes" }
    : { ProtectHome: "tmpfs", BindReadOnlyPaths: needed };
}
