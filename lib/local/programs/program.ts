/** A system that programs are made for, in Go's words. */
export interface Platform {
  /** `linux` or `darwin`. */
  os: string;
  /** `amd64` or `arm64`. */
  arch: string;
}

/** A file that upstream offers, and where the checksum stands that it must have. */
export interface Release {
  /** URL of the program, or of a `.tar.gz` or `.zip` archive that holds it. */
  url: string;
  /** Path of the program inside the archive; absent where the file is the program. */
  member?: string;
  /** URL of the SHA-256 checksum. */
  checksumUrl: string;
  /** How the checksum is written there; see {@linkcode findChecksum}. */
  checksumForm: "bare" | "list" | "github";
}

/** A program that slipway runs, and where it comes from. */
export interface Program {
  /** Its name, which is also its file's. */
  name: string;
  /** The one version that is used, with its leading v. */
  version: string;
  /** Arguments with which it tells its version; without them, one in PATH is never taken for it. */
  versionArguments?: readonly string[];
  /** What it then prints, among other things. */
  versionText?: string;
  /** What upstream offers for a platform, or undefined where it offers nothing that can be verified. */
  release: (platform: Platform) => Release | undefined;
  /** Folder of the go.mod below `modules`. */
  module: string;
  /** Go package of the command. */
  package: string;
  /** Variables that the linker sets, as `package.name=value`. */
  linkerVariables: readonly string[];
}

/** Whether what a program printed says that it is the version that is wanted, and not one that merely begins like it. */
export function isVersion(program: Program, printed: string): boolean {
  if (program.versionText === undefined) return false;
  const escaped = program.versionText.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|\\s)${escaped}([\\s,]|$)`, "m").test(printed);
}

/** The platform that this process runs on. */
export function hostPlatform(): Platform {
  return {
    os: Deno.build.os,
    arch: Deno.build.arch === "aarch64" ? "arm64" : "amd64",
  };
}
