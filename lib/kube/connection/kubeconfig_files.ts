import { delimiter, dirname, resolve } from "node:path";
import { messageOf, UsageError } from "../../core/errors.ts";
import { type Kubeconfig, mergeKubeconfigs, parseKubeconfig } from "./kubeconfig.ts";

/** Where kubeconfig files are looked for. */
export interface KubeconfigSearch {
  /** The file that `--kubeconfig` names. */
  kubeconfig?: string;
  /** The value of an environment variable. */
  env: (name: string) => string | undefined;
  /** The folder that relative paths start from. */
  cwd: string;
}

/** Which kubeconfig files are to be read, and who named them. */
export interface KubeconfigFiles {
  /** Absolute paths, in the order in which they win. */
  paths: string[];
  /** Who named them. Only a file that an option names has to exist. */
  from: "option" | "KUBECONFIG" | "home";
}

/**
 * The kubeconfig files to read, as kubectl chooses them: the one that an option
 * names, else those that KUBECONFIG names, else `~/.kube/config`.
 */
export function kubeconfigFiles({ kubeconfig, env, cwd }: KubeconfigSearch): KubeconfigFiles {
  if (kubeconfig !== undefined) return { paths: [resolve(cwd, kubeconfig)], from: "option" };
  const named = (env("KUBECONFIG") ?? "").split(delimiter).filter((path) => path !== "");
  if (named.length > 0) {
    return { paths: [...new Set(named.map((path) => resolve(cwd, path)))], from: "KUBECONFIG" };
  }
  const home = env("HOME") ?? env("USERPROFILE");
  return { paths: home === undefined ? [] : [resolve(home, ".kube", "config")], from: "home" };
}

/**
 * Read and merge kubeconfig files; undefined when none of them exists and no option named one.
 *
 * @throws {UsageError} when a file cannot be read, is no kubeconfig, or is missing though an option names it
 */
export async function readKubeconfigFiles(
  { paths, from }: KubeconfigFiles,
  readFile: (path: string) => Promise<string>,
): Promise<Kubeconfig | undefined> {
  const found: Kubeconfig[] = [];
  for (const path of paths) {
    let text: string;
    try {
      text = await readFile(path);
    } catch (error) {
      if (from !== "option" && error instanceof Deno.errors.NotFound) continue;
      throw unreadable(path, error);
    }
    found.push(parseKubeconfig(text, { file: path, baseDir: dirname(path) }));
  }
  return found.length === 0 ? undefined : mergeKubeconfigs(found);
}

function unreadable(path: string, error: unknown): UsageError {
  const missing = error instanceof Deno.errors.NotFound;
  return new UsageError(
    `Cannot read the kubeconfig ${path}: ${missing ? "there is no such file" : messageOf(error)}`,
    {
      remedy: missing
        ? "name the kubeconfig that the cluster wrote; k3s writes /etc/rancher/k3s/k3s.yaml"
        : "check who may read the file; a kubeconfig belongs to one user and has mode 0600",
      cause: error,
    },
  );
}
