import { workloadsOf } from "../apps/parts.ts";
import { clusterJobs } from "../backups.ts";
import { certManagerNamespace } from "../cert_manager.ts";
import type { Mistake, Path } from "../mistake.ts";
import { withOneSource } from "../secret_source.ts";
import type { KubernetesRole, Platform } from "../types.ts";
import { clusterVaults } from "../vaults.ts";
import { serviceAccountOf } from "../workloads.ts";
import { refer } from "./reference.ts";

/** Service accounts of a role must be there; and Vault takes each of the names in each of the namespaces. */
export function checkAccounts(
  path: Path,
  { serviceAccounts }: KubernetesRole,
  platform: Platform,
): Mistake[] {
  const known = accountsOf(platform);
  const mistakes = serviceAccounts.flatMap((account, index): Mistake[] => {
    const [namespace = "", name = ""] = account.split("/");
    const declared = platform.namespaces[namespace];
    const at = [...path, index];
    if (declared === undefined) {
      return refer(at, namespace, Object.keys(platform.namespaces), "namespace");
    }
    // Of what others bring there, nobody here knows.
    const isOthers = declared.existing === true ||
      Object.values(platform.charts).some((chart) => chart.namespace === namespace);
    return isOthers || name === "default" ? [] : refer(
      at,
      account,
      known.filter((other) => other.startsWith(`${namespace}/`)),
      "service account",
    );
  });
  const pairs = serviceAccounts.map((account) => account.split("/"));
  const extra = pairs.flatMap(([namespace]) => pairs.map(([, name]) => `${namespace}/${name}`))
    .find((account) => !serviceAccounts.includes(account));
  if (extra !== undefined) {
    mistakes.push({
      path,
      message:
        `Vault would let in ${extra} too: it takes each of the names in each of the namespaces, expected a role for each namespace`,
    });
  }
  return mistakes;
}

/** All service accounts that a platform makes, as `namespace/name`. */
function accountsOf(platform: Platform): string[] {
  const home = certManagerNamespace(platform);
  return [
    ...Object.entries({ ...workloadsOf(platform), ...platform.cronJobs }).map(([name, options]) =>
      `${options.namespace}/${serviceAccountOf(name, options)}`
    ),
    ...Object.entries(platform.secretStores).map(([name, store]) => {
      const { vault, aws, azure, gcp } = withOneSource(store);
      const account = vault?.serviceAccount ?? aws?.serviceAccount ?? azure?.serviceAccount ??
        gcp?.workloadIdentity?.serviceAccount;
      return `${store.namespace}/${account ?? name}`;
    }),
    ...Object.entries(platform.issuers).flatMap(([name, { namespace, vault }]) =>
      vault === undefined ? [] : [`${namespace ?? home}/${vault.serviceAccount ?? name}`]
    ),
    ...Object.entries(clusterJobs(platform.backups)).map(([name, { namespace }]) =>
      `${namespace}/${name}`
    ),
    ...clusterVaults(platform).map(([name, { namespace }]) => `${namespace}/${name}`),
  ];
}
