import { UsageError } from "../../core/errors.ts";
import type { ConnectionConfig } from "./connection.ts";
import { inClusterConnection } from "./in_cluster.ts";
import { type ConnectionOptions, resolveConnection } from "./kubeconfig_connection.ts";
import { kubeconfigFiles, type KubeconfigSearch, readKubeconfigFiles } from "./kubeconfig_files.ts";

/**
 * The connection that a user means: the kubeconfig that an option, KUBECONFIG or
 * the home folder names, else the pod's own service account.
 *
 * @example
 * ```ts
 * const client = createClient(await findConnection({ kubeconfig, context, env, cwd, redactor }), { redactor });
 * ```
 * @throws {UsageError} when there is none, or it cannot be used
 */
export async function findConnection(
  options: KubeconfigSearch & ConnectionOptions,
): Promise<ConnectionConfig> {
  const files = kubeconfigFiles(options);
  const config = await readKubeconfigFiles(files, options.readFile ?? Deno.readTextFile);
  if (config !== undefined) return resolveConnection(config, options);
  const inCluster = options.context === undefined ? await inClusterConnection(options) : undefined;
  if (inCluster !== undefined) return inCluster;
  throw new UsageError(
    files.paths.length === 0
      ? "There is no kubeconfig: neither KUBECONFIG nor HOME is set"
      : `There is no kubeconfig: ${files.paths.join(", ")} ${
        files.paths.length === 1 ? "does" : "do"
      } not exist`,
    {
      remedy:
        "name one with --kubeconfig or KUBECONFIG; k3s writes /etc/rancher/k3s/k3s.yaml, which root may read",
    },
  );
}
