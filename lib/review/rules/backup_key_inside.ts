import { type ObjectRef, refOf } from "../../core/object.ts";
import type { BackupStore, Platform } from "../../platform/types.ts";
import { veleroScheduleName, veleroTargets } from "../../platform/backups.ts";
import { withOneSource } from "../../platform/secret_source.ts";
import { isInCluster, vaultAt } from "../../platform/vaults.ts";
import type { Rule } from "../finding.ts";
import type { View } from "../view.ts";

/** A backup, the Secrets that open it, and what it protects. */
interface Backup {
  object: ObjectRef;
  secrets: { namespace: string; name: string; store?: BackupStore }[];
  /** Whether something that is declared in a section, or lives in a namespace, is among what it protects. */
  protects(section: string, name: string, namespace: string): boolean;
}

/** Whoever has lost what the backup protects has lost the key as well, and so the backup. */
export const backupKeyInside: Rule = {
  name: "backup-key-inside",
  summary: "The key of a backup is not kept only in what it protects",
  severity: "error",
  check: (view) =>
    [...jobs(view), ...schedules(view)].flatMap(({ object, secrets, protects }) =>
      secrets.flatMap(({ namespace, name, store }) => {
        if (store?.keysKeptAt !== undefined) return [];
        const keeper = keeperOf(view.platform, namespace, name);
        if (keeper === undefined || !protects(keeper.section, keeper.name, keeper.namespace)) {
          return [];
        }
        return [{
          object,
          because: `it protects ${keeper.what}, and its Secret ${name} comes from there`,
          remedy: "keep a copy of the key elsewhere, and say where in the store's keysKeptAt",
        }];
      })
    ),
};

function jobs({ platform, find }: View): Backup[] {
  const { jobs = {}, stores = {} } = platform.backups ?? {};
  return Object.entries(jobs).flatMap(([name, job]) => {
    const object = find("CronJob", job.namespace, name);
    if (object === undefined) return [];
    const { covers = [], envFromSecrets = [], namespace } = job;
    const store = stores[job.store ?? ""];
    return [{
      object: refOf(object),
      secrets: [
        ...envFromSecrets.map((secret) => ({
          namespace,
          name: secret,
          ...(store === undefined ? {} : { store }),
        })),
        ...secretOf(store, namespace),
      ],
      protects: (section, wanted) => covers.includes(`${section}/${wanted}`),
    }];
  });
}

function secretOf(store: BackupStore | undefined, namespace: string): Backup["secrets"] {
  const name = store?.secrets[namespace];
  return store === undefined || name === undefined ? [] : [{ namespace, name, store }];
}

function schedules({ platform, find }: View): Backup[] {
  const { velero, stores = {} } = platform.backups ?? {};
  if (velero === undefined) return [];
  return Object.entries(velero.schedules).flatMap(([name, schedule]) => {
    const targets = veleroTargets(velero, schedule);
    const locations = [...new Set(targets.map(({ location }) => location))];
    const objects = targets.flatMap(({ tier, location }) =>
      find("Schedule", velero.namespace, veleroScheduleName(name, tier, location)) ?? []
    );
    const { namespaces, exceptNamespaces = [] } = schedule;
    return objects.slice(0, 1).map((object) => ({
      object: refOf(object),
      secrets: locations.flatMap((location) => secretOf(stores[location], velero.namespace)),
      protects: (_section: string, _name: string, namespace: string) =>
        (namespaces.includes("*") || namespaces.includes(namespace)) &&
        !exceptNamespaces.includes(namespace),
    }));
  });
}

/** What on this cluster has the only copy of a Secret's values; undefined where it is elsewhere, or unknown. */
function keeperOf(
  platform: Platform,
  namespace: string,
  secret: string,
): { section: string; name: string; namespace: string; what: string } | undefined {
  const external = platform.externalSecrets[secret];
  if (external?.namespace === namespace) {
    const store = platform.secretStores[external.store];
    const vault = vaultAt(
      platform,
      store === undefined ? "" : withOneSource(store).vault?.server ?? "",
    );
    const kept = vault === undefined ? undefined : platform.vaults[vault];
    return vault === undefined || kept === undefined || !isInCluster(kept) ? undefined : {
      section: "vaults",
      name: vault,
      namespace: kept.namespace,
      what: `the vault ${vault}`,
    };
  }
  const sealed = platform.sealedSecrets[secret];
  if (sealed?.namespace !== namespace) return undefined;
  // The key that opens it is in the namespace of its controller; without the cluster it stays shut.
  const controller = platform.charts["sealed-secrets"]?.namespace ??
    Object.values(platform.applications).find((application) =>
      JSON.stringify(application).includes("sealed-secrets")
    )?.destination;
  return {
    section: "sealedSecrets",
    name: secret,
    namespace: controller ?? "kube-system",
    what: "the cluster whose key alone opens it",
  };
}
