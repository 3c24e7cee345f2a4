import { SlipwayError, UsageError } from "../core/errors.ts";

/** Folders in which the embedded clusters keep what is theirs. */
export interface LocalFolders {
  /** State and logs of the clusters; one folder for each cluster below `clusters`. */
  stateDir: string;
  /** Programs and what was measured of them; may be deleted at any time. */
  cacheDir: string;
}

/**
 * Where state and cache live: below `XDG_STATE_HOME` and `XDG_CACHE_HOME`, or
 * below the home folder where these are unset, empty or relative.
 * Source: XDG Base Directory Specification 0.8.
 *
 * @throws {SlipwayError} when neither they nor `HOME` say where
 */
export function localFolders(env: (name: string) => string | undefined): LocalFolders {
  const base = (variable: string, fallback: string): string => {
    const value = env(variable);
    if (value?.startsWith("/")) return value;
    const home = env("HOME");
    if (home?.startsWith("/")) return `${home}/${fallback}`;
    throw new SlipwayError(
      `Cannot tell where to keep files: neither ${variable} nor HOME is an absolute path`,
      { remedy: `set HOME, or ${variable}` },
    );
  };
  return {
    stateDir: `${base("XDG_STATE_HOME", ".local/state")}/slipway`,
    cacheDir: `${base("XDG_CACHE_HOME", ".cache")}/slipway`,
  };
}

/** Name of the embedded cluster when none is given. */
export const defaultClusterName = "slipway";

/**
 * The folder of one cluster.
 *
 * @throws {UsageError} when the name is no DNS label of at most 40 characters
 */
export function clusterFolder(stateDir: string, name: string): string {
  return `${stateDir}/clusters/${checkedName(name)}`;
}

/**
 * The folder of what stands outside of one cluster on the same machine, and stays when the cluster goes.
 *
 * @throws {UsageError} when the name is none of a cluster
 */
export function outsideFolder(stateDir: string, name: string): string {
  return `${stateDir}/outside/${checkedName(name)}`;
}

function checkedName(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
    throw new UsageError(
      `Cannot use "${name}" as the name of a cluster: wanted 1 to 40 lower-case letters, digits ` +
        "and inner hyphens",
    );
  }
  return name;
}
