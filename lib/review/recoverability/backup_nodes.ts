import {
  backupSubject,
  leavesCluster,
  veleroScheduleName,
  veleroTargets,
} from "../../platform/backups.ts";
import { controllerPlace } from "../../platform/sealing.ts";
import type { BackupStore, Platform } from "../../platform/types.ts";
import { clusterVaults } from "../../platform/vaults.ts";
import type { KeyNode, Need } from "./key_node.ts";
import { anyHolder, holderNodes, idOf, keptNode, node, one } from "./node.ts";
import { secretSource } from "./store_nodes.ts";
import { locationsOf, veleroBackup, veleroBackupsOf } from "./velero_backups.ts";

/** Backups, the credentials of the stores that have them, and who can decrypt them. */
export function backupNodes(platform: Platform): KeyNode[] {
  const { backups } = platform;
  if (backups === undefined) return [];
  return [
    ...jobNodes(platform),
    ...veleroNodes(platform),
    ...Object.entries(backups.stores).flatMap(([name, store]) =>
      credentialsNodes(name, store, platform)
    ),
    ...holderNodes(backups.holders),
  ];
}

function jobNodes({ backups }: Platform): KeyNode[] {
  const { jobs, stores, holders } = backups!;
  return Object.entries(jobs).map(([name, { store, covers = [], namespace }]) =>
    node("backup", name, {
      ...keptIn(store, stores, anyHolder(holders)),
      objects: [{ apiVersion: "batch/v1", kind: "CronJob", namespace, name }],
      protects: covers.map(backupSubject).filter(({ section }) => section === "vaults")
        .map((subject) => idOf("vault", subject.name)),
    })
  );
}

function veleroNodes(platform: Platform): KeyNode[] {
  const { velero, stores = {} } = platform.backups ?? {};
  return Object.entries(velero?.schedules ?? {}).flatMap(([name, schedule]) =>
    locationsOf(velero!, schedule).map((location) => {
      const backup = veleroBackup(name, location);
      return node("backup", backup, {
        ...keptIn(location, stores, []),
        objects: veleroTargets(velero!, schedule).filter((target) => target.location === location)
          .map(({ tier }) => ({
            apiVersion: "velero.io/v1",
            kind: "Schedule",
            namespace: velero!.namespace,
            name: veleroScheduleName(name, tier, location),
          })),
        protects: [
          ...clusterVaults(platform).filter(([, { namespace }]) =>
            veleroBackupsOf(platform, namespace, "volumes").includes(backup)
          ).map(([vault]) => idOf("vault", vault)),
          ...(veleroBackupsOf(platform, controllerPlace(platform).namespace, "objects")
              .includes(backup)
            ? [idOf("sealing keys", "controller")]
            : []),
        ],
      });
    })
  );
}

/** Where a backup is kept, and what it takes to read it there; what is on the cluster is lost with it. */
function keptIn(
  name: string | undefined,
  stores: Readonly<Record<string, BackupStore>>,
  decryption: readonly Need[],
): Pick<KeyNode, "place" | "keptAt" | "ways" | "lost"> {
  const store = stores[name ?? ""];
  if (store === undefined || name === undefined) {
    return {
      place: "store",
      keptAt: "where the job puts it",
      ways: [{ what: "read", needs: [...decryption] }],
    };
  }
  const { bucket, prefix, onThisCluster } = store;
  const url = `s3://${bucket}${prefix === undefined ? "" : `/${prefix}`}`;
  const isOutside = leavesCluster(store);
  return {
    place: isOutside ? "store" : "cluster",
    keptAt: isOutside ? url : `${url} in ${onThisCluster}`,
    ways: [{
      what: decryption.length === 0 ? "read" : "read and decrypted",
      needs: [one("credentials", name), ...decryption],
    }],
    ...(isOutside ? {} : { lost: true }),
  };
}

/** Credentials of a store: elsewhere too, or only where their Secrets come from. */
function credentialsNodes(name: string, store: BackupStore, platform: Platform): KeyNode[] {
  const { keysKeptAt, secrets } = store;
  const sources = Object.entries(secrets).map(([namespace, secret]) =>
    secretSource(platform, namespace, secret)
  );
  const known = [...new Map(sources.flatMap((source) => source?.of ?? []).map((id) => [id, id]))
    .keys()];
  return [
    node("credentials", name, {
      place: keysKeptAt === undefined ? "cluster" : "people",
      keptAt: Object.entries(secrets).map(([namespace, secret]) => `Secret ${namespace}/${secret}`)
        .join(", "),
      ways: [
        ...(keysKeptAt === undefined
          ? []
          : [{ what: "looked up", needs: [one("holder", keysKeptAt)] }]),
        ...known.map((id) => ({ what: "fetched", needs: [{ of: [id], atLeast: 1 }] })),
        // Somebody made a Secret that nothing declares, and has what it holds.
        ...(keysKeptAt === undefined && sources.includes(undefined)
          ? [{ what: "made by hand", needs: [] }]
          : []),
      ],
    }),
    ...(keysKeptAt === undefined ? [] : [keptNode(keysKeptAt)]),
  ];
}
